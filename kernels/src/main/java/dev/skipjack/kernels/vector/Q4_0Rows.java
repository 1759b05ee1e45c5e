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
 * lanes instead of rows; sums of rows by {@link Q4_0RowSums}.
 */
final class Q4_0Rows implements BlockRows {
  private static final int BLOCK_BYTES = 18;
  private static final int QUANTS = 2;
  private static final int WORDS = 4 * LANES;
  private static final int COLUMNS = 2 * LANES;
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
  public int touch(MemorySegment packed, long[] places, long bytes) {
    return CacheLines.touch(packed, places, bytes);
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
  public void dot(MemorySegment packed, long at, BlockInput input, int to) {
    short[] q = input.factors;
    int units = input.units();
    long scales = at + (long) units * UNIT_WORDS;
    FloatVector total = FloatVector.zero(FLOATS);
    for (int u = 0; u < units; u++) {
      long words = at + (long) u * UNIT_WORDS;
      int k = u * UNIT_VALUES;
      ShortVector even = IntVector.fromArray(INTS, input.starts, u * LANES).reinterpretAsShorts();
      ShortVector odd = ShortVector.zero(SHORT_PAIRS);
      IntVector v;
      v = IntVector.fromMemorySegment(INTS, packed, words, LITTLE_ENDIAN);
      even = v.reinterpretAsShorts().mul(ShortVector.fromArray(SHORT_PAIRS, q, k)).add(even);
      even =
          v.lanewise(VectorOperators.LSHR, 4)
              .reinterpretAsShorts()
              .mul(ShortVector.fromArray(SHORT_PAIRS, q, k + COLUMNS))
              .add(even);
      even =
          v.lanewise(VectorOperators.LSHR, 8)
              .reinterpretAsShorts()
              .mul(ShortVector.fromArray(SHORT_PAIRS, q, k + 2 * COLUMNS))
              .add(even);
      even =
          v.lanewise(VectorOperators.LSHR, 12)
              .reinterpretAsShorts()
              .mul(ShortVector.fromArray(SHORT_PAIRS, q, k + 3 * COLUMNS))
              .add(even);
      v = IntVector.fromMemorySegment(INTS, packed, words + WORDS, LITTLE_ENDIAN);
      odd =
          v.reinterpretAsShorts()
              .mul(ShortVector.fromArray(SHORT_PAIRS, q, k + 4 * COLUMNS))
              .add(odd);
      odd =
          v.lanewise(VectorOperators.LSHR, 4)
              .reinterpretAsShorts()
              .mul(ShortVector.fromArray(SHORT_PAIRS, q, k + 5 * COLUMNS))
              .add(odd);
      odd =
          v.lanewise(VectorOperators.LSHR, 8)
              .reinterpretAsShorts()
              .mul(ShortVector.fromArray(SHORT_PAIRS, q, k + 6 * COLUMNS))
              .add(odd);
      odd =
          v.lanewise(VectorOperators.LSHR, 12)
              .reinterpretAsShorts()
              .mul(ShortVector.fromArray(SHORT_PAIRS, q, k + 7 * COLUMNS))
              .add(odd);
      v = IntVector.fromMemorySegment(INTS, packed, words + 2 * WORDS, LITTLE_ENDIAN);
      even =
          v.reinterpretAsShorts()
              .mul(ShortVector.fromArray(SHORT_PAIRS, q, k + 8 * COLUMNS))
              .add(even);
      even =
          v.lanewise(VectorOperators.LSHR, 4)
              .reinterpretAsShorts()
              .mul(ShortVector.fromArray(SHORT_PAIRS, q, k + 9 * COLUMNS))
              .add(even);
      even =
          v.lanewise(VectorOperators.LSHR, 8)
              .reinterpretAsShorts()
              .mul(ShortVector.fromArray(SHORT_PAIRS, q, k + 10 * COLUMNS))
              .add(even);
      even =
          v.lanewise(VectorOperators.LSHR, 12)
              .reinterpretAsShorts()
              .mul(ShortVector.fromArray(SHORT_PAIRS, q, k + 11 * COLUMNS))
              .add(even);
      v = IntVector.fromMemorySegment(INTS, packed, words + 3 * WORDS, LITTLE_ENDIAN);
      odd =
          v.reinterpretAsShorts()
              .mul(ShortVector.fromArray(SHORT_PAIRS, q, k + 12 * COLUMNS))
              .add(odd);
      odd =
          v.lanewise(VectorOperators.LSHR, 4)
              .reinterpretAsShorts()
              .mul(ShortVector.fromArray(SHORT_PAIRS, q, k + 13 * COLUMNS))
              .add(odd);
      odd =
          v.lanewise(VectorOperators.LSHR, 8)
              .reinterpretAsShorts()
              .mul(ShortVector.fromArray(SHORT_PAIRS, q, k + 14 * COLUMNS))
              .add(odd);
      odd =
          v.lanewise(VectorOperators.LSHR, 12)
              .reinterpretAsShorts()
              .mul(ShortVector.fromArray(SHORT_PAIRS, q, k + 15 * COLUMNS))
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
    total.intoArray(input.lanes, to);
  }

  @Override
  public void add(
      MemorySegment packed,
      BlockSum rows,
      int units,
      int fromUnit,
      int toUnit,
      float[] sum,
      int at) {
    long scales = (long) units * UNIT_WORDS;
    for (int u = fromUnit; u < toUnit; u++) {
      Q4_0RowSums.factors(packed, scales + (long) u * UNIT_SCALES, rows);
      Q4_0RowSums.multiply(packed, (long) u * UNIT_WORDS, rows);
      Q4_0RowSums.addTo(rows, sum, at + u * UNIT_VALUES);
    }
  }

  @Override
  public int column(int i) {
    int nibble = i % NIBBLES;
    return i / NIBBLES * 4 + nibble / 2 + nibble % 2 * (BLOCK / 2);
  }

  @Override
  public float sumUnit() {
    return Q4_0RowSums.UNIT;
  }
}
