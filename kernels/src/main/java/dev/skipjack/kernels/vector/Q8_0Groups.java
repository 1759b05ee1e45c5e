package dev.skipjack.kernels.vector;

import static dev.skipjack.kernels.vector.Species.BYTE_PAIRS;
import static dev.skipjack.kernels.vector.Species.FLOATS;
import static dev.skipjack.kernels.vector.Species.INTS;
import static dev.skipjack.kernels.vector.Species.LANES;
import static dev.skipjack.kernels.vector.Species.SHORTS;
import static dev.skipjack.kernels.vector.Species.SHORT_PAIRS;
import static java.nio.ByteOrder.LITTLE_ENDIAN;

import dev.skipjack.kernels.Activations;
import dev.skipjack.kernels.support.RowGroups;
import dev.skipjack.loader.tensor.LittleEndian;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import jdk.incubator.vector.ByteVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.ShortVector;
import jdk.incubator.vector.VectorOperators;

/**
 * Q8_0 by groups of rows. A unit of 32 columns is {@code f16 d[lanes]; i8 q[16][lanes][2]}: pairs
 * of neighbouring columns.
 *
 * <p>One token is multiplied in integers: two products of 8-bit numbers fit 16 bits, so the
 * products of two pairs are added there, and then widened. Their high halves are summed by shifts;
 * summing whole ints as well gives the low halves without unpacking them, once a flipped sign bit
 * has made them unsigned.
 */
final class Q8_0Groups implements RowGroups {
  private static final int BLOCK = 32;
  private static final int BLOCK_BYTES = 34;
  private static final int QUANTS = 2;
  private static final int SCALES = 2 * LANES;
  private static final int COLUMNS = 2 * LANES;
  private static final int UNIT_BYTES = SCALES + BLOCK / 2 * COLUMNS;

  /** The sign of a low half: flipping it adds 2^15. */
  private static final int SIGN = 0x8000;

  /** Scales are read as floats 2^112 too small. */
  private static final float SCALE_UNIT = 0x1p112f;

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
    return GroupScales.largest(source, at, units, BLOCK_BYTES);
  }

  @Override
  public void pack(
      MemorySegment source,
      long at,
      long rowBytes,
      int rows,
      int units,
      float scaling,
      MemorySegment target,
      long to) {
    for (int row = 0; row < rows; row++) {
      long block = at + row * rowBytes;
      long unit = to;
      for (int i = 0; i < units; i++, block += BLOCK_BYTES, unit += UNIT_BYTES) {
        GroupScales.copy(source, block, scaling, target, unit + 2 * row);
        for (int j = 0; j < BLOCK / 2; j++) {
          short pair = source.get(LittleEndian.SHORT, block + QUANTS + 2 * j);
          target.set(LittleEndian.SHORT, unit + SCALES + j * COLUMNS + 2 * row, pair);
        }
      }
    }
  }

  @Override
  public void multiply(
      MemorySegment packed,
      long at,
      long groupBytes,
      int logGroups,
      int units,
      Activations x,
      int token,
      float factor,
      float[] y,
      int yAt) {
    Arrays.fill(y, yAt, yAt + (LANES << logGroups), 0);
    accumulate(
        packed,
        at,
        groupBytes,
        logGroups,
        units,
        x.pairs(),
        x.scales(),
        token * x.blocks(),
        factor * SCALE_UNIT,
        y,
        yAt);
  }

  /** Without helpers: C2 inlines no more of them into a method that has so many vectors. */
  private static void accumulate(
      MemorySegment packed,
      long at,
      long groupBytes,
      int logGroups,
      int units,
      int[] q,
      float[] scales,
      int block,
      float factor,
      float[] y,
      int yAt) {
    int mask = (1 << logGroups) - 1;
    IntVector pair;
    IntVector high;
    IntVector both;
    for (int n = 0; n < units << logGroups; n++) {
      int i = block + (n >> logGroups);
      int k = i * (BLOCK / 2);
      int group = n & mask;
      long unit = at + group * groupBytes + (n >> logGroups) * (long) UNIT_BYTES;
      pair =
          ((ShortVector)
                  ByteVector.fromMemorySegment(BYTE_PAIRS, packed, unit + SCALES, LITTLE_ENDIAN)
                      .convertShape(VectorOperators.B2S, SHORT_PAIRS, 0))
              .mul(IntVector.broadcast(INTS, q[k]).reinterpretAsShorts())
              .add(
                  ((ShortVector)
                          ByteVector.fromMemorySegment(
                                  BYTE_PAIRS, packed, unit + SCALES + 1 * COLUMNS, LITTLE_ENDIAN)
                              .convertShape(VectorOperators.B2S, SHORT_PAIRS, 0))
                      .mul(IntVector.broadcast(INTS, q[k + 1]).reinterpretAsShorts()))
              .reinterpretAsInts()
              .lanewise(VectorOperators.XOR, SIGN);
      high = pair.lanewise(VectorOperators.ASHR, 16);
      both = pair;
      pair =
          ((ShortVector)
                  ByteVector.fromMemorySegment(
                          BYTE_PAIRS, packed, unit + SCALES + 2 * COLUMNS, LITTLE_ENDIAN)
                      .convertShape(VectorOperators.B2S, SHORT_PAIRS, 0))
              .mul(IntVector.broadcast(INTS, q[k + 2]).reinterpretAsShorts())
              .add(
                  ((ShortVector)
                          ByteVector.fromMemorySegment(
                                  BYTE_PAIRS, packed, unit + SCALES + 3 * COLUMNS, LITTLE_ENDIAN)
                              .convertShape(VectorOperators.B2S, SHORT_PAIRS, 0))
                      .mul(IntVector.broadcast(INTS, q[k + 3]).reinterpretAsShorts()))
              .reinterpretAsInts()
              .lanewise(VectorOperators.XOR, SIGN);
      high = high.add(pair.lanewise(VectorOperators.ASHR, 16));
      both = both.add(pair);
      pair =
          ((ShortVector)
                  ByteVector.fromMemorySegment(
                          BYTE_PAIRS, packed, unit + SCALES + 4 * COLUMNS, LITTLE_ENDIAN)
                      .convertShape(VectorOperators.B2S, SHORT_PAIRS, 0))
              .mul(IntVector.broadcast(INTS, q[k + 4]).reinterpretAsShorts())
              .add(
                  ((ShortVector)
                          ByteVector.fromMemorySegment(
                                  BYTE_PAIRS, packed, unit + SCALES + 5 * COLUMNS, LITTLE_ENDIAN)
                              .convertShape(VectorOperators.B2S, SHORT_PAIRS, 0))
                      .mul(IntVector.broadcast(INTS, q[k + 5]).reinterpretAsShorts()))
              .reinterpretAsInts()
              .lanewise(VectorOperators.XOR, SIGN);
      high = high.add(pair.lanewise(VectorOperators.ASHR, 16));
      both = both.add(pair);
      pair =
          ((ShortVector)
                  ByteVector.fromMemorySegment(
                          BYTE_PAIRS, packed, unit + SCALES + 6 * COLUMNS, LITTLE_ENDIAN)
                      .convertShape(VectorOperators.B2S, SHORT_PAIRS, 0))
              .mul(IntVector.broadcast(INTS, q[k + 6]).reinterpretAsShorts())
              .add(
                  ((ShortVector)
                          ByteVector.fromMemorySegment(
                                  BYTE_PAIRS, packed, unit + SCALES + 7 * COLUMNS, LITTLE_ENDIAN)
                              .convertShape(VectorOperators.B2S, SHORT_PAIRS, 0))
                      .mul(IntVector.broadcast(INTS, q[k + 7]).reinterpretAsShorts()))
              .reinterpretAsInts()
              .lanewise(VectorOperators.XOR, SIGN);
      high = high.add(pair.lanewise(VectorOperators.ASHR, 16));
      both = both.add(pair);
      pair =
          ((ShortVector)
                  ByteVector.fromMemorySegment(
                          BYTE_PAIRS, packed, unit + SCALES + 8 * COLUMNS, LITTLE_ENDIAN)
                      .convertShape(VectorOperators.B2S, SHORT_PAIRS, 0))
              .mul(IntVector.broadcast(INTS, q[k + 8]).reinterpretAsShorts())
              .add(
                  ((ShortVector)
                          ByteVector.fromMemorySegment(
                                  BYTE_PAIRS, packed, unit + SCALES + 9 * COLUMNS, LITTLE_ENDIAN)
                              .convertShape(VectorOperators.B2S, SHORT_PAIRS, 0))
                      .mul(IntVector.broadcast(INTS, q[k + 9]).reinterpretAsShorts()))
              .reinterpretAsInts()
              .lanewise(VectorOperators.XOR, SIGN);
      high = high.add(pair.lanewise(VectorOperators.ASHR, 16));
      both = both.add(pair);
      pair =
          ((ShortVector)
                  ByteVector.fromMemorySegment(
                          BYTE_PAIRS, packed, unit + SCALES + 10 * COLUMNS, LITTLE_ENDIAN)
                      .convertShape(VectorOperators.B2S, SHORT_PAIRS, 0))
              .mul(IntVector.broadcast(INTS, q[k + 10]).reinterpretAsShorts())
              .add(
                  ((ShortVector)
                          ByteVector.fromMemorySegment(
                                  BYTE_PAIRS, packed, unit + SCALES + 11 * COLUMNS, LITTLE_ENDIAN)
                              .convertShape(VectorOperators.B2S, SHORT_PAIRS, 0))
                      .mul(IntVector.broadcast(INTS, q[k + 11]).reinterpretAsShorts()))
              .reinterpretAsInts()
              .lanewise(VectorOperators.XOR, SIGN);
      high = high.add(pair.lanewise(VectorOperators.ASHR, 16));
      both = both.add(pair);
      pair =
          ((ShortVector)
                  ByteVector.fromMemorySegment(
                          BYTE_PAIRS, packed, unit + SCALES + 12 * COLUMNS, LITTLE_ENDIAN)
                      .convertShape(VectorOperators.B2S, SHORT_PAIRS, 0))
              .mul(IntVector.broadcast(INTS, q[k + 12]).reinterpretAsShorts())
              .add(
                  ((ShortVector)
                          ByteVector.fromMemorySegment(
                                  BYTE_PAIRS, packed, unit + SCALES + 13 * COLUMNS, LITTLE_ENDIAN)
                              .convertShape(VectorOperators.B2S, SHORT_PAIRS, 0))
                      .mul(IntVector.broadcast(INTS, q[k + 13]).reinterpretAsShorts()))
              .reinterpretAsInts()
              .lanewise(VectorOperators.XOR, SIGN);
      high = high.add(pair.lanewise(VectorOperators.ASHR, 16));
      both = both.add(pair);
      pair =
          ((ShortVector)
                  ByteVector.fromMemorySegment(
                          BYTE_PAIRS, packed, unit + SCALES + 14 * COLUMNS, LITTLE_ENDIAN)
                      .convertShape(VectorOperators.B2S, SHORT_PAIRS, 0))
              .mul(IntVector.broadcast(INTS, q[k + 14]).reinterpretAsShorts())
              .add(
                  ((ShortVector)
                          ByteVector.fromMemorySegment(
                                  BYTE_PAIRS, packed, unit + SCALES + 15 * COLUMNS, LITTLE_ENDIAN)
                              .convertShape(VectorOperators.B2S, SHORT_PAIRS, 0))
                      .mul(IntVector.broadcast(INTS, q[k + 15]).reinterpretAsShorts()))
              .reinterpretAsInts()
              .lanewise(VectorOperators.XOR, SIGN);
      high = high.add(pair.lanewise(VectorOperators.ASHR, 16));
      both = both.add(pair);
      both = both.sub(high.lanewise(VectorOperators.LSHL, 16)).sub(8 * SIGN).add(high);
      FloatVector sum = (FloatVector) both.convert(VectorOperators.I2F, 0);
      IntVector halfs =
          (IntVector)
              ShortVector.fromMemorySegment(SHORTS, packed, unit, LITTLE_ENDIAN)
                  .convertShape(VectorOperators.S2I, INTS, 0);
      FloatVector scale =
          halfs.lanewise(VectorOperators.LSHL, 13).and(0x8fffe000).reinterpretAsFloats();
      int to = yAt + group * LANES;
      sum.fma(scale.mul(scales[i] * factor), FloatVector.fromArray(FLOATS, y, to)).intoArray(y, to);
    }
  }

  @Override
  public void decode(
      MemorySegment packed, long at, int units, float factor, float[] out, int to, int stride) {
    for (int i = 0; i < units; i++) {
      long unit = at + (long) i * UNIT_BYTES;
      FloatVector scale = GroupScales.halfs(packed, unit).mul(factor * SCALE_UNIT);
      for (int j = 0; j < BLOCK / 2; j++) {
        long pair = unit + SCALES + (long) j * COLUMNS;
        BytePairs.write(packed, pair, scale, out, to + (i * BLOCK + 2 * j) * stride, stride);
      }
    }
  }
}
