package dev.skipjack.kernels.vector;

import static dev.skipjack.kernels.vector.Species.FLOATS;
import static dev.skipjack.kernels.vector.Species.INTS;
import static dev.skipjack.kernels.vector.Species.LANES;
import static dev.skipjack.kernels.vector.Species.SHORTS;
import static dev.skipjack.kernels.vector.Species.SHORT_PAIRS;
import static java.nio.ByteOrder.LITTLE_ENDIAN;

import dev.skipjack.kernels.Activations;
import dev.skipjack.kernels.support.BlockInput;
import dev.skipjack.kernels.support.BlockPanel;
import dev.skipjack.kernels.support.BlockPanelRows;
import dev.skipjack.kernels.support.BlockSum;
import dev.skipjack.loader.tensor.LittleEndian;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
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
final class Q4_0Rows implements BlockPanelRows {
  /** Rows that are multiplied side by side; {@link #AHEAD} is a multiple. */
  private static final int ABREAST = 4;

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
    BlockOrder.arrange(x.nibbles(token), x, token, SCALE_UNIT * SUM_UNIT, input);
    int first = token * x.blocks();
    for (int b = 0; b < x.blocks(); b++) {
      input.starts[b] = -CENTRE * x.sums()[first + b] & 0xffff;
    }
  }

  @Override
  public void dots(MemorySegment packed, int count, BlockInput input) {
    long[] places = input.places;
    for (int i = 0; i < count; i += ABREAST) {
      Arrays.fill(input.lanes, i * LANES, (i + ABREAST) * LANES, 0);
      dots(
          packed,
          places[i],
          places[i + 1],
          places[i + 2],
          places[i + 3],
          input.units(),
          input.factors,
          input.starts,
          input.scales,
          input.lanes,
          i * LANES);
    }
  }

  /**
   * Four rows, so that inputs are loaded once for all. Without helpers: C2 inlines no more of them
   * into a method that has so many vectors.
   */
  private static void dots(
      MemorySegment packed,
      long row0,
      long row1,
      long row2,
      long row3,
      int units,
      short[] q,
      int[] starts,
      float[] scales,
      float[] y,
      int yAt) {
    for (int u = 0; u < units; u++) {
      long words0 = row0 + (long) u * UNIT_WORDS;
      long words1 = row1 + (long) u * UNIT_WORDS;
      long words2 = row2 + (long) u * UNIT_WORDS;
      long words3 = row3 + (long) u * UNIT_WORDS;
      int k = u * UNIT_VALUES;
      ShortVector sum0 = IntVector.fromArray(INTS, starts, u * LANES).reinterpretAsShorts();
      ShortVector sum1 = sum0;
      ShortVector sum2 = sum0;
      ShortVector sum3 = sum0;
      for (int j = 0; j < 4; j++) {
        IntVector word0 =
            IntVector.fromMemorySegment(INTS, packed, words0 + j * WORDS, LITTLE_ENDIAN);
        IntVector word1 =
            IntVector.fromMemorySegment(INTS, packed, words1 + j * WORDS, LITTLE_ENDIAN);
        IntVector word2 =
            IntVector.fromMemorySegment(INTS, packed, words2 + j * WORDS, LITTLE_ENDIAN);
        IntVector word3 =
            IntVector.fromMemorySegment(INTS, packed, words3 + j * WORDS, LITTLE_ENDIAN);
        ShortVector factors = ShortVector.fromArray(SHORT_PAIRS, q, k + 4 * j * COLUMNS);
        sum0 = word0.reinterpretAsShorts().mul(factors).add(sum0);
        sum1 = word1.reinterpretAsShorts().mul(factors).add(sum1);
        sum2 = word2.reinterpretAsShorts().mul(factors).add(sum2);
        sum3 = word3.reinterpretAsShorts().mul(factors).add(sum3);
        factors = ShortVector.fromArray(SHORT_PAIRS, q, k + (4 * j + 1) * COLUMNS);
        sum0 = word0.lanewise(VectorOperators.LSHR, 4).reinterpretAsShorts().mul(factors).add(sum0);
        sum1 = word1.lanewise(VectorOperators.LSHR, 4).reinterpretAsShorts().mul(factors).add(sum1);
        sum2 = word2.lanewise(VectorOperators.LSHR, 4).reinterpretAsShorts().mul(factors).add(sum2);
        sum3 = word3.lanewise(VectorOperators.LSHR, 4).reinterpretAsShorts().mul(factors).add(sum3);
        factors = ShortVector.fromArray(SHORT_PAIRS, q, k + (4 * j + 2) * COLUMNS);
        sum0 = word0.lanewise(VectorOperators.LSHR, 8).reinterpretAsShorts().mul(factors).add(sum0);
        sum1 = word1.lanewise(VectorOperators.LSHR, 8).reinterpretAsShorts().mul(factors).add(sum1);
        sum2 = word2.lanewise(VectorOperators.LSHR, 8).reinterpretAsShorts().mul(factors).add(sum2);
        sum3 = word3.lanewise(VectorOperators.LSHR, 8).reinterpretAsShorts().mul(factors).add(sum3);
        factors = ShortVector.fromArray(SHORT_PAIRS, q, k + (4 * j + 3) * COLUMNS);
        sum0 =
            word0.lanewise(VectorOperators.LSHR, 12).reinterpretAsShorts().mul(factors).add(sum0);
        sum1 =
            word1.lanewise(VectorOperators.LSHR, 12).reinterpretAsShorts().mul(factors).add(sum1);
        sum2 =
            word2.lanewise(VectorOperators.LSHR, 12).reinterpretAsShorts().mul(factors).add(sum2);
        sum3 =
            word3.lanewise(VectorOperators.LSHR, 12).reinterpretAsShorts().mul(factors).add(sum3);
      }
      long unitScales = (long) units * UNIT_WORDS + (long) u * UNIT_SCALES;
      FloatVector inputs = FloatVector.fromArray(FLOATS, scales, u * LANES);
      // Low and high halves add up, modulo 2^16, in the upper half.
      IntVector v = sum0.reinterpretAsInts();
      v = v.lanewise(VectorOperators.LSHL, 16).add(v).and(0xffff0000);
      ((FloatVector) v.convert(VectorOperators.I2F, 0))
          .fma(
              ((IntVector)
                      ShortVector.fromMemorySegment(
                              SHORTS, packed, row0 + unitScales, LITTLE_ENDIAN)
                          .convertShape(VectorOperators.S2I, INTS, 0))
                  .lanewise(VectorOperators.LSHL, 13)
                  .and(0x8fffe000)
                  .reinterpretAsFloats()
                  .mul(inputs),
              FloatVector.fromArray(FLOATS, y, yAt))
          .intoArray(y, yAt);
      v = sum1.reinterpretAsInts();
      v = v.lanewise(VectorOperators.LSHL, 16).add(v).and(0xffff0000);
      ((FloatVector) v.convert(VectorOperators.I2F, 0))
          .fma(
              ((IntVector)
                      ShortVector.fromMemorySegment(
                              SHORTS, packed, row1 + unitScales, LITTLE_ENDIAN)
                          .convertShape(VectorOperators.S2I, INTS, 0))
                  .lanewise(VectorOperators.LSHL, 13)
                  .and(0x8fffe000)
                  .reinterpretAsFloats()
                  .mul(inputs),
              FloatVector.fromArray(FLOATS, y, yAt + LANES))
          .intoArray(y, yAt + LANES);
      v = sum2.reinterpretAsInts();
      v = v.lanewise(VectorOperators.LSHL, 16).add(v).and(0xffff0000);
      ((FloatVector) v.convert(VectorOperators.I2F, 0))
          .fma(
              ((IntVector)
                      ShortVector.fromMemorySegment(
                              SHORTS, packed, row2 + unitScales, LITTLE_ENDIAN)
                          .convertShape(VectorOperators.S2I, INTS, 0))
                  .lanewise(VectorOperators.LSHL, 13)
                  .and(0x8fffe000)
                  .reinterpretAsFloats()
                  .mul(inputs),
              FloatVector.fromArray(FLOATS, y, yAt + 2 * LANES))
          .intoArray(y, yAt + 2 * LANES);
      v = sum3.reinterpretAsInts();
      v = v.lanewise(VectorOperators.LSHL, 16).add(v).and(0xffff0000);
      ((FloatVector) v.convert(VectorOperators.I2F, 0))
          .fma(
              ((IntVector)
                      ShortVector.fromMemorySegment(
                              SHORTS, packed, row3 + unitScales, LITTLE_ENDIAN)
                          .convertShape(VectorOperators.S2I, INTS, 0))
                  .lanewise(VectorOperators.LSHL, 13)
                  .and(0x8fffe000)
                  .reinterpretAsFloats()
                  .mul(inputs),
              FloatVector.fromArray(FLOATS, y, yAt + 3 * LANES))
          .intoArray(y, yAt + 3 * LANES);
    }
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
      Q4_0RowSums.multiply(
          packed, rows.places, rows.count(), rows.factors, (long) u * UNIT_WORDS, 4, rows.sums);
      Q4_0RowSums.addTo(rows, sum, at + u * UNIT_VALUES);
    }
  }

  /** Words change places one by one: there are eight times as many weights. */
  @Override
  public void decode(
      MemorySegment packed,
      long at,
      long stride,
      int rows,
      int units,
      int block,
      int blocks,
      float factor,
      int[] words,
      BlockPanel panel) {
    for (int r = 0; r < rows; r++) {
      long row = at + r * stride;
      for (int b = 0; b < blocks; b += 2) {
        int unit = (block + b) / LANES;
        long pair = row + (long) unit * UNIT_WORDS + 4L * ((block + b) % LANES);
        for (int j = 0; j < 4; j++) {
          long two = packed.get(LittleEndian.LONG, pair + (long) j * WORDS);
          int to = (4 * b + j) * VectorBlockPanels.ROWS + r;
          words[to] = (int) two;
          words[to + 4 * VectorBlockPanels.ROWS] = (int) (two >>> 32);
        }
      }
      long halfs = row + (long) units * UNIT_WORDS + 2L * block;
      for (int b = 0; b < blocks; b++) {
        panel.scales()[panel.scalesAt() + b * VectorBlockPanels.ROWS + r] =
            factor * SUM_UNIT * Lanes.half(packed, halfs + 2L * b);
      }
    }
    Q4_0Panels.decode(words, blocks, panel.weights(), panel.weightsAt());
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
