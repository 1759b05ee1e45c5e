package dev.skipjack.kernels.vector;

import static dev.skipjack.kernels.vector.Species.BYTE_PAIRS;
import static dev.skipjack.kernels.vector.Species.FLOATS;
import static dev.skipjack.kernels.vector.Species.INTS;
import static dev.skipjack.kernels.vector.Species.LANES;
import static dev.skipjack.kernels.vector.Species.SHORT_PAIRS;
import static java.nio.ByteOrder.LITTLE_ENDIAN;

import dev.skipjack.kernels.Activations;
import dev.skipjack.kernels.support.RowGroups;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import jdk.incubator.vector.ByteVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.ShortVector;
import jdk.incubator.vector.VectorOperators;

/**
 * Q6_K by groups of rows, in {@link Q6_KLayout units}. One token is multiplied in 16-bit integers:
 * eight products of a weight within 32 and an input within 127 stay within 32512.
 */
final class Q6_KGroups implements RowGroups {
  private static final int SUBS = Q6_KLayout.SUBS;
  private static final int SUB_SCALES = Q6_KLayout.SUB_SCALES;
  private static final int PAIR_SCALES = Q6_KLayout.PAIR_SCALES;
  private static final int WORDS = Q6_KLayout.WORDS;
  private static final int WORD_BYTES = Q6_KLayout.WORD_BYTES;
  private static final int SUB_BYTES = Q6_KLayout.SUB_BYTES;
  private static final int UNIT_BYTES = Q6_KLayout.UNIT_BYTES;
  private static final int SIXES = Activations.SIXES;

  /**
   * What a shift of both halves of an int leaves of each. C2 has no immediate form for shifts of
   * shorts, and this is faster.
   */
  private static final int ABOVE_6 = 0x03ff03ff;

  private static final int ABOVE_12 = 0x000f000f;
  private static final int ABOVE_14 = 0x00030003;

  @Override
  public int lanes() {
    return LANES;
  }

  @Override
  public long unitBytes() {
    return UNIT_BYTES;
  }

  @Override
  public float largestScale(MemorySegment source, long at, int units) {
    return Q6_KLayout.largestScale(source, at, units);
  }

  @Override
  public void pack(byte[] rows, int rowBytes, int units, float scaling, byte[] target) {
    Q6_KLayout.pack(rows, rowBytes, units, scaling, target);
  }

  @Override
  public void multiply(
      MemorySegment packed,
      long at,
      long groupBytes,
      int units,
      Activations x,
      int token,
      float factor,
      float[] y,
      int yAt) {
    Arrays.fill(y, yAt, yAt + ABREAST * LANES, 0);
    accumulate(
        packed,
        at,
        groupBytes,
        units,
        x.sixes(token),
        x.scales(),
        token * x.blocks(),
        factor,
        y,
        yAt);
  }

  /** Short loops without helpers: C2 keeps the vectors of those in registers. */
  private static void accumulate(
      MemorySegment packed,
      long at,
      long groupBytes,
      int units,
      int[] q,
      float[] scales,
      int block,
      float factor,
      float[] y,
      int yAt) {
    for (int i = 0; i < units; i++) {
      long unit0 = at + (long) i * UNIT_BYTES;
      long unit1 = at + (long) i * UNIT_BYTES + groupBytes;
      long unit2 = at + (long) i * UNIT_BYTES + 2 * groupBytes;
      long unit3 = at + (long) i * UNIT_BYTES + 3 * groupBytes;
      FloatVector total0 = FloatVector.zero(FLOATS);
      FloatVector total1 = total0;
      FloatVector total2 = total0;
      FloatVector total3 = total0;
      for (int n = 0; n < SUBS; n++) {
        int part = SUB_SCALES + n / 2 * PAIR_SCALES;
        long scales0 = unit0 + part;
        long scales1 = unit1 + part;
        long scales2 = unit2 + part;
        long scales3 = unit3 + part;
        int own = n % 2 == 0 ? 16 : 0;
        long words0 = unit0 + WORDS + n * SUB_BYTES;
        long words1 = unit1 + WORDS + n * SUB_BYTES;
        long words2 = unit2 + WORDS + n * SUB_BYTES;
        long words3 = unit3 + WORDS + n * SUB_BYTES;
        int k = (2 * block + i * SUBS + n) * SIXES;
        ShortVector factors;
        ShortVector sum0 = IntVector.broadcast(INTS, q[k + 10]).reinterpretAsShorts();
        ShortVector sum1 = sum0;
        ShortVector sum2 = sum0;
        ShortVector sum3 = sum0;
        IntVector word0;
        IntVector word1;
        IntVector word2;
        IntVector word3;
        for (int j = 0; j < 2; j++) {
          word0 = IntVector.fromMemorySegment(INTS, packed, words0 + j * WORD_BYTES, LITTLE_ENDIAN);
          word1 = IntVector.fromMemorySegment(INTS, packed, words1 + j * WORD_BYTES, LITTLE_ENDIAN);
          word2 = IntVector.fromMemorySegment(INTS, packed, words2 + j * WORD_BYTES, LITTLE_ENDIAN);
          word3 = IntVector.fromMemorySegment(INTS, packed, words3 + j * WORD_BYTES, LITTLE_ENDIAN);
          factors = IntVector.broadcast(INTS, q[k + 3 * j]).reinterpretAsShorts();
          sum0 = word0.reinterpretAsShorts().mul(factors).add(sum0);
          sum1 = word1.reinterpretAsShorts().mul(factors).add(sum1);
          sum2 = word2.reinterpretAsShorts().mul(factors).add(sum2);
          sum3 = word3.reinterpretAsShorts().mul(factors).add(sum3);
          factors = IntVector.broadcast(INTS, q[k + 3 * j + 1]).reinterpretAsShorts();
          sum0 =
              word0
                  .lanewise(VectorOperators.LSHR, 6)
                  .and(ABOVE_6)
                  .reinterpretAsShorts()
                  .mul(factors)
                  .add(sum0);
          sum1 =
              word1
                  .lanewise(VectorOperators.LSHR, 6)
                  .and(ABOVE_6)
                  .reinterpretAsShorts()
                  .mul(factors)
                  .add(sum1);
          sum2 =
              word2
                  .lanewise(VectorOperators.LSHR, 6)
                  .and(ABOVE_6)
                  .reinterpretAsShorts()
                  .mul(factors)
                  .add(sum2);
          sum3 =
              word3
                  .lanewise(VectorOperators.LSHR, 6)
                  .and(ABOVE_6)
                  .reinterpretAsShorts()
                  .mul(factors)
                  .add(sum3);
          factors = IntVector.broadcast(INTS, q[k + 3 * j + 2]).reinterpretAsShorts();
          sum0 =
              word0
                  .lanewise(VectorOperators.LSHR, 12)
                  .and(ABOVE_12)
                  .reinterpretAsShorts()
                  .mul(factors)
                  .add(sum0);
          sum1 =
              word1
                  .lanewise(VectorOperators.LSHR, 12)
                  .and(ABOVE_12)
                  .reinterpretAsShorts()
                  .mul(factors)
                  .add(sum1);
          sum2 =
              word2
                  .lanewise(VectorOperators.LSHR, 12)
                  .and(ABOVE_12)
                  .reinterpretAsShorts()
                  .mul(factors)
                  .add(sum2);
          sum3 =
              word3
                  .lanewise(VectorOperators.LSHR, 12)
                  .and(ABOVE_12)
                  .reinterpretAsShorts()
                  .mul(factors)
                  .add(sum3);
        }
        word0 = IntVector.fromMemorySegment(INTS, packed, words0 + 2 * WORD_BYTES, LITTLE_ENDIAN);
        word1 = IntVector.fromMemorySegment(INTS, packed, words1 + 2 * WORD_BYTES, LITTLE_ENDIAN);
        word2 = IntVector.fromMemorySegment(INTS, packed, words2 + 2 * WORD_BYTES, LITTLE_ENDIAN);
        word3 = IntVector.fromMemorySegment(INTS, packed, words3 + 2 * WORD_BYTES, LITTLE_ENDIAN);
        factors = IntVector.broadcast(INTS, q[k + 6]).reinterpretAsShorts();
        sum0 = word0.reinterpretAsShorts().mul(factors).add(sum0);
        sum1 = word1.reinterpretAsShorts().mul(factors).add(sum1);
        sum2 = word2.reinterpretAsShorts().mul(factors).add(sum2);
        sum3 = word3.reinterpretAsShorts().mul(factors).add(sum3);
        factors = IntVector.broadcast(INTS, q[k + 7]).reinterpretAsShorts();
        sum0 =
            word0
                .lanewise(VectorOperators.LSHR, 6)
                .and(ABOVE_6)
                .reinterpretAsShorts()
                .mul(factors)
                .add(sum0);
        sum1 =
            word1
                .lanewise(VectorOperators.LSHR, 6)
                .and(ABOVE_6)
                .reinterpretAsShorts()
                .mul(factors)
                .add(sum1);
        sum2 =
            word2
                .lanewise(VectorOperators.LSHR, 6)
                .and(ABOVE_6)
                .reinterpretAsShorts()
                .mul(factors)
                .add(sum2);
        sum3 =
            word3
                .lanewise(VectorOperators.LSHR, 6)
                .and(ABOVE_6)
                .reinterpretAsShorts()
                .mul(factors)
                .add(sum3);
        factors = IntVector.broadcast(INTS, q[k + 8]).reinterpretAsShorts();
        sum0 =
            word0
                .lanewise(VectorOperators.LSHR, 12)
                .and(ABOVE_12)
                .reinterpretAsShorts()
                .mul(factors)
                .add(sum0);
        sum1 =
            word1
                .lanewise(VectorOperators.LSHR, 12)
                .and(ABOVE_12)
                .reinterpretAsShorts()
                .mul(factors)
                .add(sum1);
        sum2 =
            word2
                .lanewise(VectorOperators.LSHR, 12)
                .and(ABOVE_12)
                .reinterpretAsShorts()
                .mul(factors)
                .add(sum2);
        sum3 =
            word3
                .lanewise(VectorOperators.LSHR, 12)
                .and(ABOVE_12)
                .reinterpretAsShorts()
                .mul(factors)
                .add(sum3);
        factors = IntVector.broadcast(INTS, q[k + 9]).reinterpretAsShorts();
        sum0 =
            word0
                .lanewise(VectorOperators.LSHR, 14)
                .and(ABOVE_14)
                .reinterpretAsShorts()
                .mul(factors)
                .add(sum0);
        sum1 =
            word1
                .lanewise(VectorOperators.LSHR, 14)
                .and(ABOVE_14)
                .reinterpretAsShorts()
                .mul(factors)
                .add(sum1);
        sum2 =
            word2
                .lanewise(VectorOperators.LSHR, 14)
                .and(ABOVE_14)
                .reinterpretAsShorts()
                .mul(factors)
                .add(sum2);
        sum3 =
            word3
                .lanewise(VectorOperators.LSHR, 14)
                .and(ABOVE_14)
                .reinterpretAsShorts()
                .mul(factors)
                .add(sum3);
        float input = scales[block + i * (SUBS / 2) + n / 2];
        IntVector v;
        FloatVector scale;
        v =
            ((ShortVector)
                    ByteVector.fromMemorySegment(BYTE_PAIRS, packed, scales0, LITTLE_ENDIAN)
                        .convertShape(VectorOperators.B2S, SHORT_PAIRS, 0))
                .reinterpretAsInts()
                .lanewise(VectorOperators.LSHL, own)
                .lanewise(VectorOperators.ASHR, 16);
        scale = ((FloatVector) v.convert(VectorOperators.I2F, 0)).mul(input);
        v = sum0.reinterpretAsInts();
        v =
            v.lanewise(VectorOperators.LSHL, 16)
                .lanewise(VectorOperators.ASHR, 16)
                .add(v.lanewise(VectorOperators.ASHR, 16));
        total0 = ((FloatVector) v.convert(VectorOperators.I2F, 0)).fma(scale, total0);
        v =
            ((ShortVector)
                    ByteVector.fromMemorySegment(BYTE_PAIRS, packed, scales1, LITTLE_ENDIAN)
                        .convertShape(VectorOperators.B2S, SHORT_PAIRS, 0))
                .reinterpretAsInts()
                .lanewise(VectorOperators.LSHL, own)
                .lanewise(VectorOperators.ASHR, 16);
        scale = ((FloatVector) v.convert(VectorOperators.I2F, 0)).mul(input);
        v = sum1.reinterpretAsInts();
        v =
            v.lanewise(VectorOperators.LSHL, 16)
                .lanewise(VectorOperators.ASHR, 16)
                .add(v.lanewise(VectorOperators.ASHR, 16));
        total1 = ((FloatVector) v.convert(VectorOperators.I2F, 0)).fma(scale, total1);
        v =
            ((ShortVector)
                    ByteVector.fromMemorySegment(BYTE_PAIRS, packed, scales2, LITTLE_ENDIAN)
                        .convertShape(VectorOperators.B2S, SHORT_PAIRS, 0))
                .reinterpretAsInts()
                .lanewise(VectorOperators.LSHL, own)
                .lanewise(VectorOperators.ASHR, 16);
        scale = ((FloatVector) v.convert(VectorOperators.I2F, 0)).mul(input);
        v = sum2.reinterpretAsInts();
        v =
            v.lanewise(VectorOperators.LSHL, 16)
                .lanewise(VectorOperators.ASHR, 16)
                .add(v.lanewise(VectorOperators.ASHR, 16));
        total2 = ((FloatVector) v.convert(VectorOperators.I2F, 0)).fma(scale, total2);
        v =
            ((ShortVector)
                    ByteVector.fromMemorySegment(BYTE_PAIRS, packed, scales3, LITTLE_ENDIAN)
                        .convertShape(VectorOperators.B2S, SHORT_PAIRS, 0))
                .reinterpretAsInts()
                .lanewise(VectorOperators.LSHL, own)
                .lanewise(VectorOperators.ASHR, 16);
        scale = ((FloatVector) v.convert(VectorOperators.I2F, 0)).mul(input);
        v = sum3.reinterpretAsInts();
        v =
            v.lanewise(VectorOperators.LSHL, 16)
                .lanewise(VectorOperators.ASHR, 16)
                .add(v.lanewise(VectorOperators.ASHR, 16));
        total3 = ((FloatVector) v.convert(VectorOperators.I2F, 0)).fma(scale, total3);
      }
      FloatVector.fromMemorySegment(FLOATS, packed, unit0, LITTLE_ENDIAN)
          .mul(factor)
          .fma(total0, FloatVector.fromArray(FLOATS, y, yAt))
          .intoArray(y, yAt);
      FloatVector.fromMemorySegment(FLOATS, packed, unit1, LITTLE_ENDIAN)
          .mul(factor)
          .fma(total1, FloatVector.fromArray(FLOATS, y, yAt + LANES))
          .intoArray(y, yAt + LANES);
      FloatVector.fromMemorySegment(FLOATS, packed, unit2, LITTLE_ENDIAN)
          .mul(factor)
          .fma(total2, FloatVector.fromArray(FLOATS, y, yAt + 2 * LANES))
          .intoArray(y, yAt + 2 * LANES);
      FloatVector.fromMemorySegment(FLOATS, packed, unit3, LITTLE_ENDIAN)
          .mul(factor)
          .fma(total3, FloatVector.fromArray(FLOATS, y, yAt + 3 * LANES))
          .intoArray(y, yAt + 3 * LANES);
    }
  }

  @Override
  public void decode(
      MemorySegment packed, long at, int units, float factor, float[] out, int to, int stride) {
    Q6_KLayout.decode(packed, at, units, factor, out, to, stride);
  }
}
