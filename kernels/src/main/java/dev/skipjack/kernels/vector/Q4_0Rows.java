package dev.skipjack.kernels.vector;

import static dev.skipjack.kernels.vector.Species.FLOATS;
import static dev.skipjack.kernels.vector.Species.INTS;
import static dev.skipjack.kernels.vector.Species.LANES;
import static dev.skipjack.kernels.vector.Species.SHORTS;
import static dev.skipjack.kernels.vector.Species.SHORT_PAIRS;
import static java.nio.ByteOrder.LITTLE_ENDIAN;

import dev.skipjack.kernels.Activations;
import dev.skipjack.kernels.support.BlockInput;
import dev.skipjack.kernels.support.BlockRows;
import dev.skipjack.kernels.support.BlockSum;
import dev.skipjack.loader.tensor.LittleEndian;
import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.ShortVector;
import jdk.incubator.vector.VectorOperators;

/**
 * Q4_0 by blocks of a row. A row is {@code u32 q[units][4][lanes]; f16 d[units][lanes]}: word j of
 * a block holds the nibbles of its bytes 4j to 4j + 3, as the file has them.
 *
 * <p>Dot products are computed like those of {@link Q4_0Groups}, with the blocks of a row in the
 * lanes instead of rows. A sum of rows leaves every nibble in its place of the word: its float is
 * then too large by a power of 16, which comes off exactly at the end, once for all rows. So does
 * the centre 8, times the sum of what nibbles were multiplied with.
 */
final class Q4_0Rows implements BlockRows {
  private static final int BLOCK_BYTES = 18;
  private static final int QUANTS = 2;
  private static final int WORDS = 4 * LANES;
  private static final int UNIT_WORDS = 4 * WORDS;
  private static final int UNIT_SCALES = 2 * LANES;
  private static final int UNIT_VALUES = BLOCK * LANES;
  private static final int CENTRE = 8;
  private static final int NIBBLES = 8;

  /** Scales are read as floats 2^112 too small, sums as integers 2^16 too large. */
  private static final float SCALE_UNIT = 0x1p112f;

  private static final float SUM_UNIT = 0x1p-16f;

  @Override
  public int lanes() {
    return LANES;
  }

  @Override
  public int weightBytes() {
    return UNIT_WORDS;
  }

  @Override
  public int scaleBytes() {
    return UNIT_SCALES;
  }

  @Override
  public float largestScale(MemorySegment source, long at, int blocks) {
    return GroupScales.largest(source, at, blocks, BLOCK_BYTES);
  }

  @Override
  public void pack(
      MemorySegment source, long at, int blocks, float scaling, MemorySegment target, long to) {
    long scales = to + (blocks + LANES - 1) / LANES * (long) UNIT_WORDS;
    for (int b = 0; b < blocks; b++) {
      long block = at + (long) b * BLOCK_BYTES;
      long word = to + b / LANES * (long) UNIT_WORDS + 4 * (b % LANES);
      for (int j = 0; j < 4; j++) {
        int quants = source.get(LittleEndian.INT, block + QUANTS + 4 * j);
        target.set(LittleEndian.INT, word + (long) j * WORDS, quants);
      }
      GroupScales.copy(source, block, scaling, target, scales + 2L * b);
    }
  }

  @Override
  public int touch(MemorySegment packed, long from, long to) {
    return CacheLines.touch(packed, from, to);
  }

  @Override
  public void arrange(Activations x, int token, BlockInput input) {
    BlockOrder.arrange(x.nibbles(), x, token, SCALE_UNIT * SUM_UNIT, input);
    int first = token * x.blocks();
    for (int b = 0; b < x.blocks(); b++) {
      input.starts[b] = -CENTRE * x.sums()[first + b] & 0xffff;
    }
  }

  /** Without helpers: C2 inlines no more of them into a method that has so many vectors. */
  @Override
  public float dot(MemorySegment packed, long at, BlockInput input) {
    int[] q = input.factors;
    int units = input.units();
    long scales = at + (long) units * UNIT_WORDS;
    FloatVector total = FloatVector.zero(FLOATS);
    for (int u = 0; u < units; u++) {
      long words = at + (long) u * UNIT_WORDS;
      int k = u * (BLOCK / 2 * LANES);
      ShortVector even = IntVector.fromArray(INTS, input.starts, u * LANES).reinterpretAsShorts();
      ShortVector odd = ShortVector.zero(SHORT_PAIRS);
      IntVector v;
      v = IntVector.fromMemorySegment(INTS, packed, words, LITTLE_ENDIAN);
      even =
          v.reinterpretAsShorts()
              .mul(IntVector.fromArray(INTS, q, k).reinterpretAsShorts())
              .add(even);
      even =
          v.lanewise(VectorOperators.LSHR, 4)
              .reinterpretAsShorts()
              .mul(IntVector.fromArray(INTS, q, k + LANES).reinterpretAsShorts())
              .add(even);
      even =
          v.lanewise(VectorOperators.LSHR, 8)
              .reinterpretAsShorts()
              .mul(IntVector.fromArray(INTS, q, k + 2 * LANES).reinterpretAsShorts())
              .add(even);
      even =
          v.lanewise(VectorOperators.LSHR, 12)
              .reinterpretAsShorts()
              .mul(IntVector.fromArray(INTS, q, k + 3 * LANES).reinterpretAsShorts())
              .add(even);
      v = IntVector.fromMemorySegment(INTS, packed, words + WORDS, LITTLE_ENDIAN);
      odd =
          v.reinterpretAsShorts()
              .mul(IntVector.fromArray(INTS, q, k + 4 * LANES).reinterpretAsShorts())
              .add(odd);
      odd =
          v.lanewise(VectorOperators.LSHR, 4)
              .reinterpretAsShorts()
              .mul(IntVector.fromArray(INTS, q, k + 5 * LANES).reinterpretAsShorts())
              .add(odd);
      odd =
          v.lanewise(VectorOperators.LSHR, 8)
              .reinterpretAsShorts()
              .mul(IntVector.fromArray(INTS, q, k + 6 * LANES).reinterpretAsShorts())
              .add(odd);
      odd =
          v.lanewise(VectorOperators.LSHR, 12)
              .reinterpretAsShorts()
              .mul(IntVector.fromArray(INTS, q, k + 7 * LANES).reinterpretAsShorts())
              .add(odd);
      v = IntVector.fromMemorySegment(INTS, packed, words + 2 * WORDS, LITTLE_ENDIAN);
      even =
          v.reinterpretAsShorts()
              .mul(IntVector.fromArray(INTS, q, k + 8 * LANES).reinterpretAsShorts())
              .add(even);
      even =
          v.lanewise(VectorOperators.LSHR, 4)
              .reinterpretAsShorts()
              .mul(IntVector.fromArray(INTS, q, k + 9 * LANES).reinterpretAsShorts())
              .add(even);
      even =
          v.lanewise(VectorOperators.LSHR, 8)
              .reinterpretAsShorts()
              .mul(IntVector.fromArray(INTS, q, k + 10 * LANES).reinterpretAsShorts())
              .add(even);
      even =
          v.lanewise(VectorOperators.LSHR, 12)
              .reinterpretAsShorts()
              .mul(IntVector.fromArray(INTS, q, k + 11 * LANES).reinterpretAsShorts())
              .add(even);
      v = IntVector.fromMemorySegment(INTS, packed, words + 3 * WORDS, LITTLE_ENDIAN);
      odd =
          v.reinterpretAsShorts()
              .mul(IntVector.fromArray(INTS, q, k + 12 * LANES).reinterpretAsShorts())
              .add(odd);
      odd =
          v.lanewise(VectorOperators.LSHR, 4)
              .reinterpretAsShorts()
              .mul(IntVector.fromArray(INTS, q, k + 13 * LANES).reinterpretAsShorts())
              .add(odd);
      odd =
          v.lanewise(VectorOperators.LSHR, 8)
              .reinterpretAsShorts()
              .mul(IntVector.fromArray(INTS, q, k + 14 * LANES).reinterpretAsShorts())
              .add(odd);
      odd =
          v.lanewise(VectorOperators.LSHR, 12)
              .reinterpretAsShorts()
              .mul(IntVector.fromArray(INTS, q, k + 15 * LANES).reinterpretAsShorts())
              .add(odd);
      v = even.add(odd).reinterpretAsInts();
      // Low and high halves add up, modulo 2^16, in the upper half.
      v = v.lanewise(VectorOperators.LSHL, 16).add(v);
      FloatVector sum = (FloatVector) v.and(0xffff0000).convert(VectorOperators.I2F, 0);
      v =
          (IntVector)
              ShortVector.fromMemorySegment(
                      SHORTS, packed, scales + (long) u * UNIT_SCALES, LITTLE_ENDIAN)
                  .convertShape(VectorOperators.S2I, INTS, 0);
      FloatVector scale =
          v.lanewise(VectorOperators.LSHL, 13).and(0x8fffe000).reinterpretAsFloats();
      total = sum.fma(scale.mul(FloatVector.fromArray(FLOATS, input.scales, u * LANES)), total);
    }
    total.intoArray(input.lanes, 0);
    return BlockOrder.sum(input.lanes);
  }

  @Override
  public void axpy4(
      float a0,
      float a1,
      float a2,
      float a3,
      MemorySegment packed,
      long at0,
      long at1,
      long at2,
      long at3,
      int fromUnit,
      int toUnit,
      BlockSum sum) {
    float[] y = sum.values;
    long scales = (long) sum.units() * UNIT_WORDS;
    for (int u = fromUnit; u < toUnit; u++) {
      long at = scales + (long) u * UNIT_SCALES;
      FloatVector f0 = GroupScales.halfs(packed, at0 + at).mul(SCALE_UNIT).mul(a0);
      FloatVector f1 = GroupScales.halfs(packed, at1 + at).mul(SCALE_UNIT).mul(a1);
      FloatVector f2 = GroupScales.halfs(packed, at2 + at).mul(SCALE_UNIT).mul(a2);
      FloatVector f3 = GroupScales.halfs(packed, at3 + at).mul(SCALE_UNIT).mul(a3);
      f0.add(f1)
          .add(f2.add(f3))
          .add(Lanes.load(sum.scales, u * LANES))
          .intoArray(sum.scales, u * LANES);
      for (int j = 0; j < 4; j++) {
        long word = (long) u * UNIT_WORDS + (long) j * WORDS;
        int to = u * UNIT_VALUES + j * NIBBLES * LANES;
        IntVector v0 = IntVector.fromMemorySegment(INTS, packed, at0 + word, LITTLE_ENDIAN);
        IntVector v1 = IntVector.fromMemorySegment(INTS, packed, at1 + word, LITTLE_ENDIAN);
        IntVector v2 = IntVector.fromMemorySegment(INTS, packed, at2 + word, LITTLE_ENDIAN);
        IntVector v3 = IntVector.fromMemorySegment(INTS, packed, at3 + word, LITTLE_ENDIAN);
        FloatVector s;
        s = FloatVector.fromArray(FLOATS, y, to);
        s = ((FloatVector) v0.and(0xf << 0).convert(VectorOperators.I2F, 0)).fma(f0, s);
        s = ((FloatVector) v1.and(0xf << 0).convert(VectorOperators.I2F, 0)).fma(f1, s);
        s = ((FloatVector) v2.and(0xf << 0).convert(VectorOperators.I2F, 0)).fma(f2, s);
        s = ((FloatVector) v3.and(0xf << 0).convert(VectorOperators.I2F, 0)).fma(f3, s);
        s.intoArray(y, to);
        s = FloatVector.fromArray(FLOATS, y, to + LANES);
        s = ((FloatVector) v0.and(0xf << 4).convert(VectorOperators.I2F, 0)).fma(f0, s);
        s = ((FloatVector) v1.and(0xf << 4).convert(VectorOperators.I2F, 0)).fma(f1, s);
        s = ((FloatVector) v2.and(0xf << 4).convert(VectorOperators.I2F, 0)).fma(f2, s);
        s = ((FloatVector) v3.and(0xf << 4).convert(VectorOperators.I2F, 0)).fma(f3, s);
        s.intoArray(y, to + LANES);
        s = FloatVector.fromArray(FLOATS, y, to + 2 * LANES);
        s = ((FloatVector) v0.and(0xf << 8).convert(VectorOperators.I2F, 0)).fma(f0, s);
        s = ((FloatVector) v1.and(0xf << 8).convert(VectorOperators.I2F, 0)).fma(f1, s);
        s = ((FloatVector) v2.and(0xf << 8).convert(VectorOperators.I2F, 0)).fma(f2, s);
        s = ((FloatVector) v3.and(0xf << 8).convert(VectorOperators.I2F, 0)).fma(f3, s);
        s.intoArray(y, to + 2 * LANES);
        s = FloatVector.fromArray(FLOATS, y, to + 3 * LANES);
        s = ((FloatVector) v0.and(0xf << 12).convert(VectorOperators.I2F, 0)).fma(f0, s);
        s = ((FloatVector) v1.and(0xf << 12).convert(VectorOperators.I2F, 0)).fma(f1, s);
        s = ((FloatVector) v2.and(0xf << 12).convert(VectorOperators.I2F, 0)).fma(f2, s);
        s = ((FloatVector) v3.and(0xf << 12).convert(VectorOperators.I2F, 0)).fma(f3, s);
        s.intoArray(y, to + 3 * LANES);
        s = FloatVector.fromArray(FLOATS, y, to + 4 * LANES);
        s = ((FloatVector) v0.and(0xf << 16).convert(VectorOperators.I2F, 0)).fma(f0, s);
        s = ((FloatVector) v1.and(0xf << 16).convert(VectorOperators.I2F, 0)).fma(f1, s);
        s = ((FloatVector) v2.and(0xf << 16).convert(VectorOperators.I2F, 0)).fma(f2, s);
        s = ((FloatVector) v3.and(0xf << 16).convert(VectorOperators.I2F, 0)).fma(f3, s);
        s.intoArray(y, to + 4 * LANES);
        s = FloatVector.fromArray(FLOATS, y, to + 5 * LANES);
        s = ((FloatVector) v0.and(0xf << 20).convert(VectorOperators.I2F, 0)).fma(f0, s);
        s = ((FloatVector) v1.and(0xf << 20).convert(VectorOperators.I2F, 0)).fma(f1, s);
        s = ((FloatVector) v2.and(0xf << 20).convert(VectorOperators.I2F, 0)).fma(f2, s);
        s = ((FloatVector) v3.and(0xf << 20).convert(VectorOperators.I2F, 0)).fma(f3, s);
        s.intoArray(y, to + 5 * LANES);
        s = FloatVector.fromArray(FLOATS, y, to + 6 * LANES);
        s = ((FloatVector) v0.and(0xf << 24).convert(VectorOperators.I2F, 0)).fma(f0, s);
        s = ((FloatVector) v1.and(0xf << 24).convert(VectorOperators.I2F, 0)).fma(f1, s);
        s = ((FloatVector) v2.and(0xf << 24).convert(VectorOperators.I2F, 0)).fma(f2, s);
        s = ((FloatVector) v3.and(0xf << 24).convert(VectorOperators.I2F, 0)).fma(f3, s);
        s.intoArray(y, to + 6 * LANES);
        s = FloatVector.fromArray(FLOATS, y, to + 7 * LANES);
        s =
            ((FloatVector) v0.lanewise(VectorOperators.LSHR, 28).convert(VectorOperators.I2F, 0))
                .fma(f0, s);
        s =
            ((FloatVector) v1.lanewise(VectorOperators.LSHR, 28).convert(VectorOperators.I2F, 0))
                .fma(f1, s);
        s =
            ((FloatVector) v2.lanewise(VectorOperators.LSHR, 28).convert(VectorOperators.I2F, 0))
                .fma(f2, s);
        s =
            ((FloatVector) v3.lanewise(VectorOperators.LSHR, 28).convert(VectorOperators.I2F, 0))
                .fma(f3, s);
        s.intoArray(y, to + 7 * LANES);
      }
    }
  }

  @Override
  public void addTo(
      BlockSum sum, int fromUnit, int toUnit, float factor, int cols, float[] y, int yAt) {
    int toBlock = Math.min(toUnit * LANES, cols / BLOCK);
    for (int b = fromUnit * LANES; b < toBlock; b++) {
      float centre = CENTRE * sum.scales[b];
      int from = b / LANES * UNIT_VALUES + b % LANES;
      for (int i = 0; i < BLOCK; i++) {
        int nibble = i % NIBBLES;
        int column = i / NIBBLES * 4 + nibble / 2 + nibble % 2 * (BLOCK / 2);
        float place = nibble == NIBBLES - 1 ? 1 : 1f / (1 << 4 * nibble);
        y[yAt + b * BLOCK + column] += factor * (sum.values[from + i * LANES] * place - centre);
      }
    }
  }
}
