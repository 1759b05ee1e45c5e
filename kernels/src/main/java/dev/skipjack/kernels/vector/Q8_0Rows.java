package dev.skipjack.kernels.vector;

import static dev.skipjack.kernels.vector.Species.BYTE_PAIRS;
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
import jdk.incubator.vector.ByteVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.ShortVector;
import jdk.incubator.vector.VectorOperators;

/**
 * Q8_0 by blocks of a row. A row is {@code i8 q[units][16][lanes][2]; f16 d[units][lanes]}: pairs
 * of neighbouring columns.
 *
 * <p>Dot products are computed like those of {@link Q8_0Groups}, with the blocks of a row in the
 * lanes instead of rows. In a sum of rows weights are read in the upper half of an int, and are too
 * large by 2^16 until the end.
 */
final class Q8_0Rows implements BlockRows {
  private static final int BLOCK_BYTES = 34;
  private static final int QUANTS = 2;
  private static final int COLUMNS = 2 * LANES;
  private static final int UNIT_QUANTS = BLOCK / 2 * COLUMNS;
  private static final int UNIT_SCALES = 2 * LANES;
  private static final int UNIT_VALUES = BLOCK * LANES;

  /** The sign of a low half: flipping it adds 2^15. */
  private static final int SIGN = 0x8000;

  /** Scales are read as floats 2^112 too small, weights of a sum 2^16 too large. */
  private static final float SCALE_UNIT = 0x1p112f;

  private static final float WEIGHT_UNIT = 0x1p-16f;

  @Override
  public int lanes() {
    return LANES;
  }

  @Override
  public int weightBytes() {
    return UNIT_QUANTS;
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
    long scales = to + (blocks + LANES - 1) / LANES * (long) UNIT_QUANTS;
    for (int b = 0; b < blocks; b++) {
      long block = at + (long) b * BLOCK_BYTES;
      long pair = to + b / LANES * (long) UNIT_QUANTS + 2 * (b % LANES);
      for (int j = 0; j < BLOCK / 2; j++) {
        short quants = source.get(LittleEndian.SHORT, block + QUANTS + 2 * j);
        target.set(LittleEndian.SHORT, pair + (long) j * COLUMNS, quants);
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
    BlockOrder.arrange(x.pairs(token), x, token, SCALE_UNIT, input);
  }

  @Override
  public void dots(MemorySegment packed, int count, BlockInput input) {
    for (int i = 0; i < count; i++) {
      dot(packed, input.places[i], input, i * LANES);
    }
  }

  /** Without helpers: C2 inlines no more of them into a method that has so many vectors. */
  private static void dot(MemorySegment packed, long at, BlockInput input, int to) {
    short[] q = input.factors;
    int units = input.units();
    long scales = at + (long) units * UNIT_QUANTS;
    FloatVector total = FloatVector.zero(FLOATS);
    IntVector pair;
    IntVector high;
    IntVector both;
    for (int u = 0; u < units; u++) {
      long at0 = at + (long) u * UNIT_QUANTS;
      int k = u * UNIT_VALUES;
      pair =
          ((ShortVector)
                  ByteVector.fromMemorySegment(BYTE_PAIRS, packed, at0, LITTLE_ENDIAN)
                      .convertShape(VectorOperators.B2S, SHORT_PAIRS, 0))
              .mul(ShortVector.fromArray(SHORT_PAIRS, q, k))
              .add(
                  ((ShortVector)
                          ByteVector.fromMemorySegment(
                                  BYTE_PAIRS, packed, at0 + COLUMNS, LITTLE_ENDIAN)
                              .convertShape(VectorOperators.B2S, SHORT_PAIRS, 0))
                      .mul(ShortVector.fromArray(SHORT_PAIRS, q, k + COLUMNS)))
              .reinterpretAsInts()
              .lanewise(VectorOperators.XOR, SIGN);
      high = pair.lanewise(VectorOperators.ASHR, 16);
      both = pair;
      pair =
          ((ShortVector)
                  ByteVector.fromMemorySegment(BYTE_PAIRS, packed, at0 + 2 * COLUMNS, LITTLE_ENDIAN)
                      .convertShape(VectorOperators.B2S, SHORT_PAIRS, 0))
              .mul(ShortVector.fromArray(SHORT_PAIRS, q, k + 2 * COLUMNS))
              .add(
                  ((ShortVector)
                          ByteVector.fromMemorySegment(
                                  BYTE_PAIRS, packed, at0 + 3 * COLUMNS, LITTLE_ENDIAN)
                              .convertShape(VectorOperators.B2S, SHORT_PAIRS, 0))
                      .mul(ShortVector.fromArray(SHORT_PAIRS, q, k + 3 * COLUMNS)))
              .reinterpretAsInts()
              .lanewise(VectorOperators.XOR, SIGN);
      high = high.add(pair.lanewise(VectorOperators.ASHR, 16));
      both = both.add(pair);
      pair =
          ((ShortVector)
                  ByteVector.fromMemorySegment(BYTE_PAIRS, packed, at0 + 4 * COLUMNS, LITTLE_ENDIAN)
                      .convertShape(VectorOperators.B2S, SHORT_PAIRS, 0))
              .mul(ShortVector.fromArray(SHORT_PAIRS, q, k + 4 * COLUMNS))
              .add(
                  ((ShortVector)
                          ByteVector.fromMemorySegment(
                                  BYTE_PAIRS, packed, at0 + 5 * COLUMNS, LITTLE_ENDIAN)
                              .convertShape(VectorOperators.B2S, SHORT_PAIRS, 0))
                      .mul(ShortVector.fromArray(SHORT_PAIRS, q, k + 5 * COLUMNS)))
              .reinterpretAsInts()
              .lanewise(VectorOperators.XOR, SIGN);
      high = high.add(pair.lanewise(VectorOperators.ASHR, 16));
      both = both.add(pair);
      pair =
          ((ShortVector)
                  ByteVector.fromMemorySegment(BYTE_PAIRS, packed, at0 + 6 * COLUMNS, LITTLE_ENDIAN)
                      .convertShape(VectorOperators.B2S, SHORT_PAIRS, 0))
              .mul(ShortVector.fromArray(SHORT_PAIRS, q, k + 6 * COLUMNS))
              .add(
                  ((ShortVector)
                          ByteVector.fromMemorySegment(
                                  BYTE_PAIRS, packed, at0 + 7 * COLUMNS, LITTLE_ENDIAN)
                              .convertShape(VectorOperators.B2S, SHORT_PAIRS, 0))
                      .mul(ShortVector.fromArray(SHORT_PAIRS, q, k + 7 * COLUMNS)))
              .reinterpretAsInts()
              .lanewise(VectorOperators.XOR, SIGN);
      high = high.add(pair.lanewise(VectorOperators.ASHR, 16));
      both = both.add(pair);
      pair =
          ((ShortVector)
                  ByteVector.fromMemorySegment(BYTE_PAIRS, packed, at0 + 8 * COLUMNS, LITTLE_ENDIAN)
                      .convertShape(VectorOperators.B2S, SHORT_PAIRS, 0))
              .mul(ShortVector.fromArray(SHORT_PAIRS, q, k + 8 * COLUMNS))
              .add(
                  ((ShortVector)
                          ByteVector.fromMemorySegment(
                                  BYTE_PAIRS, packed, at0 + 9 * COLUMNS, LITTLE_ENDIAN)
                              .convertShape(VectorOperators.B2S, SHORT_PAIRS, 0))
                      .mul(ShortVector.fromArray(SHORT_PAIRS, q, k + 9 * COLUMNS)))
              .reinterpretAsInts()
              .lanewise(VectorOperators.XOR, SIGN);
      high = high.add(pair.lanewise(VectorOperators.ASHR, 16));
      both = both.add(pair);
      pair =
          ((ShortVector)
                  ByteVector.fromMemorySegment(
                          BYTE_PAIRS, packed, at0 + 10 * COLUMNS, LITTLE_ENDIAN)
                      .convertShape(VectorOperators.B2S, SHORT_PAIRS, 0))
              .mul(ShortVector.fromArray(SHORT_PAIRS, q, k + 10 * COLUMNS))
              .add(
                  ((ShortVector)
                          ByteVector.fromMemorySegment(
                                  BYTE_PAIRS, packed, at0 + 11 * COLUMNS, LITTLE_ENDIAN)
                              .convertShape(VectorOperators.B2S, SHORT_PAIRS, 0))
                      .mul(ShortVector.fromArray(SHORT_PAIRS, q, k + 11 * COLUMNS)))
              .reinterpretAsInts()
              .lanewise(VectorOperators.XOR, SIGN);
      high = high.add(pair.lanewise(VectorOperators.ASHR, 16));
      both = both.add(pair);
      pair =
          ((ShortVector)
                  ByteVector.fromMemorySegment(
                          BYTE_PAIRS, packed, at0 + 12 * COLUMNS, LITTLE_ENDIAN)
                      .convertShape(VectorOperators.B2S, SHORT_PAIRS, 0))
              .mul(ShortVector.fromArray(SHORT_PAIRS, q, k + 12 * COLUMNS))
              .add(
                  ((ShortVector)
                          ByteVector.fromMemorySegment(
                                  BYTE_PAIRS, packed, at0 + 13 * COLUMNS, LITTLE_ENDIAN)
                              .convertShape(VectorOperators.B2S, SHORT_PAIRS, 0))
                      .mul(ShortVector.fromArray(SHORT_PAIRS, q, k + 13 * COLUMNS)))
              .reinterpretAsInts()
              .lanewise(VectorOperators.XOR, SIGN);
      high = high.add(pair.lanewise(VectorOperators.ASHR, 16));
      both = both.add(pair);
      pair =
          ((ShortVector)
                  ByteVector.fromMemorySegment(
                          BYTE_PAIRS, packed, at0 + 14 * COLUMNS, LITTLE_ENDIAN)
                      .convertShape(VectorOperators.B2S, SHORT_PAIRS, 0))
              .mul(ShortVector.fromArray(SHORT_PAIRS, q, k + 14 * COLUMNS))
              .add(
                  ((ShortVector)
                          ByteVector.fromMemorySegment(
                                  BYTE_PAIRS, packed, at0 + 15 * COLUMNS, LITTLE_ENDIAN)
                              .convertShape(VectorOperators.B2S, SHORT_PAIRS, 0))
                      .mul(ShortVector.fromArray(SHORT_PAIRS, q, k + 15 * COLUMNS)))
              .reinterpretAsInts()
              .lanewise(VectorOperators.XOR, SIGN);
      high = high.add(pair.lanewise(VectorOperators.ASHR, 16));
      both = both.add(pair);
      both = both.sub(high.lanewise(VectorOperators.LSHL, 16)).sub(8 * SIGN).add(high);
      FloatVector sum = (FloatVector) both.convert(VectorOperators.I2F, 0);
      pair =
          (IntVector)
              ShortVector.fromMemorySegment(
                      SHORTS, packed, scales + (long) u * UNIT_SCALES, LITTLE_ENDIAN)
                  .convertShape(VectorOperators.S2I, INTS, 0);
      FloatVector scale =
          pair.lanewise(VectorOperators.LSHL, 13).and(0x8fffe000).reinterpretAsFloats();
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
    float[] a = rows.coefficients;
    long[] places = rows.places;
    for (int i = 0; i < rows.count(); i += 4) {
      addFour(
          a[i],
          a[i + 1],
          a[i + 2],
          a[i + 3],
          packed,
          places[i],
          places[i + 1],
          places[i + 2],
          places[i + 3],
          units,
          fromUnit,
          toUnit,
          sum,
          at);
    }
  }

  private static void addFour(
      float a0,
      float a1,
      float a2,
      float a3,
      MemorySegment packed,
      long at0,
      long at1,
      long at2,
      long at3,
      int units,
      int fromUnit,
      int toUnit,
      float[] y,
      int yAt) {
    long scales = (long) units * UNIT_QUANTS;
    for (int u = fromUnit; u < toUnit; u++) {
      long at = scales + (long) u * UNIT_SCALES;
      FloatVector f0 = GroupScales.halfs(packed, at0 + at).mul(SCALE_UNIT).mul(a0);
      FloatVector f1 = GroupScales.halfs(packed, at1 + at).mul(SCALE_UNIT).mul(a1);
      FloatVector f2 = GroupScales.halfs(packed, at2 + at).mul(SCALE_UNIT).mul(a2);
      FloatVector f3 = GroupScales.halfs(packed, at3 + at).mul(SCALE_UNIT).mul(a3);
      for (int j = 0; j < BLOCK / 2; j++) {
        long column = (long) u * UNIT_QUANTS + (long) j * COLUMNS;
        int to = yAt + u * UNIT_VALUES + 2 * j * LANES;
        FloatVector s;
        IntVector v0 =
            ByteVector.fromMemorySegment(BYTE_PAIRS, packed, at0 + column, LITTLE_ENDIAN)
                .convertShape(VectorOperators.B2S, SHORT_PAIRS, 0)
                .reinterpretAsInts();
        IntVector v1 =
            ByteVector.fromMemorySegment(BYTE_PAIRS, packed, at1 + column, LITTLE_ENDIAN)
                .convertShape(VectorOperators.B2S, SHORT_PAIRS, 0)
                .reinterpretAsInts();
        IntVector v2 =
            ByteVector.fromMemorySegment(BYTE_PAIRS, packed, at2 + column, LITTLE_ENDIAN)
                .convertShape(VectorOperators.B2S, SHORT_PAIRS, 0)
                .reinterpretAsInts();
        IntVector v3 =
            ByteVector.fromMemorySegment(BYTE_PAIRS, packed, at3 + column, LITTLE_ENDIAN)
                .convertShape(VectorOperators.B2S, SHORT_PAIRS, 0)
                .reinterpretAsInts();
        s = FloatVector.fromArray(FLOATS, y, to);
        s =
            ((FloatVector) v0.lanewise(VectorOperators.LSHL, 16).convert(VectorOperators.I2F, 0))
                .fma(f0, s);
        s =
            ((FloatVector) v1.lanewise(VectorOperators.LSHL, 16).convert(VectorOperators.I2F, 0))
                .fma(f1, s);
        s =
            ((FloatVector) v2.lanewise(VectorOperators.LSHL, 16).convert(VectorOperators.I2F, 0))
                .fma(f2, s);
        s =
            ((FloatVector) v3.lanewise(VectorOperators.LSHL, 16).convert(VectorOperators.I2F, 0))
                .fma(f3, s);
        s.intoArray(y, to);
        s = FloatVector.fromArray(FLOATS, y, to + LANES);
        s = ((FloatVector) v0.and(0xffff0000).convert(VectorOperators.I2F, 0)).fma(f0, s);
        s = ((FloatVector) v1.and(0xffff0000).convert(VectorOperators.I2F, 0)).fma(f1, s);
        s = ((FloatVector) v2.and(0xffff0000).convert(VectorOperators.I2F, 0)).fma(f2, s);
        s = ((FloatVector) v3.and(0xffff0000).convert(VectorOperators.I2F, 0)).fma(f3, s);
        s.intoArray(y, to + LANES);
      }
    }
  }

  @Override
  public int column(int i) {
    return i;
  }

  @Override
  public float sumUnit() {
    return WEIGHT_UNIT;
  }
}
