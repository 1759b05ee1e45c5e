package dev.skipjack.kernels.vector;

import static dev.skipjack.kernels.vector.Species.BYTE_PAIRS;
import static dev.skipjack.kernels.vector.Species.FLOATS;
import static dev.skipjack.kernels.vector.Species.INTS;
import static dev.skipjack.kernels.vector.Species.LANES;
import static dev.skipjack.kernels.vector.Species.SHORT_PAIRS;
import static java.nio.ByteOrder.LITTLE_ENDIAN;

import dev.skipjack.kernels.Activations;
import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.ByteVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.ShortVector;
import jdk.incubator.vector.VectorOperators;

/**
 * Products of {@link Q6_KGroups} with one token in 16-bit integers: eight products of a weight
 * within 32 and an input within 127 stay within 32512. Two groups side by side, as in {@link
 * Q5_KProducts} and for the same reason.
 */
final class Q6_KProducts {
  /** Groups that {@link #addTo} multiplies. */
  static final int GROUPS = 2;

  /**
   * What a shift of both halves of an int leaves of each. C2 has no immediate form for shifts of
   * shorts, and this is faster.
   */
  private static final int ABOVE_6 = 0x03ff03ff;

  private static final int ABOVE_12 = 0x000f000f;
  private static final int ABOVE_14 = 0x00030003;

  private Q6_KProducts() {}

  /**
   * Adds the products of {@value #GROUPS} groups that are {@code groupBytes} apart to {@code y}
   * from {@code yAt} on. Short loops without helpers: C2 keeps the vectors of those in registers.
   */
  static void addTo(
      MemorySegment packed,
      long at,
      long groupBytes,
      int units,
      Activations x,
      int token,
      float factor,
      float[] y,
      int yAt) {
    int[] q = x.sixes(token);
    float[] scales = x.scales();
    int first = token * x.blocks();
    for (int unit = 0; unit < units; unit++) {
      long unit0 = at + unit * (long) Q6_KLayout.UNIT_BYTES;
      long unit1 = unit0 + groupBytes;
      FloatVector total0 = FloatVector.zero(FLOATS);
      FloatVector total1 = total0;
      for (int sub = 0; sub < Q6_KLayout.SUBS; sub++) {
        int run = 2 * first + unit * Q6_KLayout.SUBS + sub;
        int k = run * Activations.SIXES;
        long words0 = unit0 + Q6_KLayout.WORDS + sub * Q6_KLayout.SUB_BYTES;
        long words1 = unit1 + Q6_KLayout.WORDS + sub * Q6_KLayout.SUB_BYTES;
        ShortVector sum0 = IntVector.broadcast(INTS, q[k + 10]).reinterpretAsShorts();
        ShortVector sum1 = sum0;
        ShortVector f;
        IntVector word0;
        IntVector word1;
        for (int j = 0; j < 2; j++) {
          word0 =
              IntVector.fromMemorySegment(
                  INTS, packed, words0 + j * Q6_KLayout.WORD_BYTES, LITTLE_ENDIAN);
          word1 =
              IntVector.fromMemorySegment(
                  INTS, packed, words1 + j * Q6_KLayout.WORD_BYTES, LITTLE_ENDIAN);
          f = IntVector.broadcast(INTS, q[k + 3 * j]).reinterpretAsShorts();
          sum0 = word0.reinterpretAsShorts().mul(f).add(sum0);
          sum1 = word1.reinterpretAsShorts().mul(f).add(sum1);
          f = IntVector.broadcast(INTS, q[k + 3 * j + 1]).reinterpretAsShorts();
          sum0 =
              word0
                  .lanewise(VectorOperators.LSHR, 6)
                  .and(ABOVE_6)
                  .reinterpretAsShorts()
                  .mul(f)
                  .add(sum0);
          sum1 =
              word1
                  .lanewise(VectorOperators.LSHR, 6)
                  .and(ABOVE_6)
                  .reinterpretAsShorts()
                  .mul(f)
                  .add(sum1);
          f = IntVector.broadcast(INTS, q[k + 3 * j + 2]).reinterpretAsShorts();
          sum0 =
              word0
                  .lanewise(VectorOperators.LSHR, 12)
                  .and(ABOVE_12)
                  .reinterpretAsShorts()
                  .mul(f)
                  .add(sum0);
          sum1 =
              word1
                  .lanewise(VectorOperators.LSHR, 12)
                  .and(ABOVE_12)
                  .reinterpretAsShorts()
                  .mul(f)
                  .add(sum1);
        }
        word0 =
            IntVector.fromMemorySegment(
                INTS, packed, words0 + 2 * Q6_KLayout.WORD_BYTES, LITTLE_ENDIAN);
        word1 =
            IntVector.fromMemorySegment(
                INTS, packed, words1 + 2 * Q6_KLayout.WORD_BYTES, LITTLE_ENDIAN);
        f = IntVector.broadcast(INTS, q[k + 6]).reinterpretAsShorts();
        sum0 = word0.reinterpretAsShorts().mul(f).add(sum0);
        sum1 = word1.reinterpretAsShorts().mul(f).add(sum1);
        f = IntVector.broadcast(INTS, q[k + 7]).reinterpretAsShorts();
        sum0 =
            word0
                .lanewise(VectorOperators.LSHR, 6)
                .and(ABOVE_6)
                .reinterpretAsShorts()
                .mul(f)
                .add(sum0);
        sum1 =
            word1
                .lanewise(VectorOperators.LSHR, 6)
                .and(ABOVE_6)
                .reinterpretAsShorts()
                .mul(f)
                .add(sum1);
        f = IntVector.broadcast(INTS, q[k + 8]).reinterpretAsShorts();
        sum0 =
            word0
                .lanewise(VectorOperators.LSHR, 12)
                .and(ABOVE_12)
                .reinterpretAsShorts()
                .mul(f)
                .add(sum0);
        sum1 =
            word1
                .lanewise(VectorOperators.LSHR, 12)
                .and(ABOVE_12)
                .reinterpretAsShorts()
                .mul(f)
                .add(sum1);
        f = IntVector.broadcast(INTS, q[k + 9]).reinterpretAsShorts();
        sum0 =
            word0
                .lanewise(VectorOperators.LSHR, 14)
                .and(ABOVE_14)
                .reinterpretAsShorts()
                .mul(f)
                .add(sum0);
        sum1 =
            word1
                .lanewise(VectorOperators.LSHR, 14)
                .and(ABOVE_14)
                .reinterpretAsShorts()
                .mul(f)
                .add(sum1);
        float input = scales[run / 2];
        long part = Q6_KLayout.SUB_SCALES + sub / 2 * Q6_KLayout.PAIR_SCALES;
        // The scale of an even run is the low half of an int.
        int own = sub % 2 == 0 ? 16 : 0;
        IntVector v;
        FloatVector scale;
        v =
            ((ShortVector)
                    ByteVector.fromMemorySegment(BYTE_PAIRS, packed, unit0 + part, LITTLE_ENDIAN)
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
                    ByteVector.fromMemorySegment(BYTE_PAIRS, packed, unit1 + part, LITTLE_ENDIAN)
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
      }
      FloatVector.fromMemorySegment(FLOATS, packed, unit0, LITTLE_ENDIAN)
          .mul(factor)
          .fma(total0, FloatVector.fromArray(FLOATS, y, yAt))
          .intoArray(y, yAt);
      FloatVector.fromMemorySegment(FLOATS, packed, unit1, LITTLE_ENDIAN)
          .mul(factor)
          .fma(total1, FloatVector.fromArray(FLOATS, y, yAt + LANES))
          .intoArray(y, yAt + LANES);
    }
  }
}
