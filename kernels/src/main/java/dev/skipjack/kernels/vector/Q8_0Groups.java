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

  /** What flipped signs add to a low half in a block. */
  private static final int SIGNS = BLOCK / 4 * SIGN;

  /** Scales are read as floats 2^112 too small. */
  private static final float SCALE_UNIT = 0x1p112f;

  @Override
  public int lanes() {
    return LANES;
  }

  @Override
  public long unitBytes(int units) {
    return units * (long) UNIT_BYTES;
  }

  @Override
  public float largestScale(MemorySegment source, long at, int units) {
    return GroupScales.largest(source, at, units, BLOCK_BYTES);
  }

  @Override
  public void pack(byte[] rows, int rowBytes, int units, float scaling, byte[] target) {
    for (int row = 0; row < LANES; row += Interleaving.ROWS) {
      packRows(rows, row * rowBytes, rowBytes, units, scaling, target, row);
    }
  }

  /** Four rows from {@code row} on. */
  private static void packRows(
      byte[] source, int at, int rowBytes, int units, float scaling, byte[] target, int row) {
    for (int i = 0; i < units; i++) {
      int block = at + i * BLOCK_BYTES;
      int unit = i * UNIT_BYTES;
      for (int k = 0; k < Interleaving.ROWS; k++) {
        Interleaving.scale(source, block + k * rowBytes, scaling, target, unit + 2 * (row + k));
      }
      for (int j = 0; j < BLOCK / 2; j += 4) {
        int quants = block + QUANTS + 2 * j;
        Interleaving.shorts(
            target,
            unit + SCALES + j * COLUMNS + 2 * row,
            COLUMNS,
            Interleaving.getLong(source, quants),
            Interleaving.getLong(source, quants + rowBytes),
            Interleaving.getLong(source, quants + 2 * rowBytes),
            Interleaving.getLong(source, quants + 3 * rowBytes));
      }
    }
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
        x.pairs(token),
        x.scales(),
        token * x.blocks(),
        factor * SCALE_UNIT,
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
      long pairs0 = unit0 + SCALES;
      long pairs1 = unit1 + SCALES;
      long pairs2 = unit2 + SCALES;
      long pairs3 = unit3 + SCALES;
      int k = (block + i) * (BLOCK / 2);
      IntVector high0 = IntVector.zero(INTS);
      IntVector both0 = IntVector.broadcast(INTS, -SIGNS);
      IntVector high1 = high0;
      IntVector both1 = both0;
      IntVector high2 = high0;
      IntVector both2 = both0;
      IntVector high3 = high0;
      IntVector both3 = both0;
      for (int j = 0; j < BLOCK / 2; j += 2) {
        ShortVector first = IntVector.broadcast(INTS, q[k + j]).reinterpretAsShorts();
        ShortVector second = IntVector.broadcast(INTS, q[k + j + 1]).reinterpretAsShorts();
        IntVector v =
            ((ShortVector)
                    ByteVector.fromMemorySegment(
                            BYTE_PAIRS, packed, pairs0 + j * COLUMNS, LITTLE_ENDIAN)
                        .convertShape(VectorOperators.B2S, SHORT_PAIRS, 0))
                .mul(first)
                .add(
                    ((ShortVector)
                            ByteVector.fromMemorySegment(
                                    BYTE_PAIRS, packed, pairs0 + (j + 1) * COLUMNS, LITTLE_ENDIAN)
                                .convertShape(VectorOperators.B2S, SHORT_PAIRS, 0))
                        .mul(second))
                .reinterpretAsInts()
                .lanewise(VectorOperators.XOR, SIGN);
        high0 = high0.add(v.lanewise(VectorOperators.ASHR, 16));
        both0 = both0.add(v);
        v =
            ((ShortVector)
                    ByteVector.fromMemorySegment(
                            BYTE_PAIRS, packed, pairs1 + j * COLUMNS, LITTLE_ENDIAN)
                        .convertShape(VectorOperators.B2S, SHORT_PAIRS, 0))
                .mul(first)
                .add(
                    ((ShortVector)
                            ByteVector.fromMemorySegment(
                                    BYTE_PAIRS, packed, pairs1 + (j + 1) * COLUMNS, LITTLE_ENDIAN)
                                .convertShape(VectorOperators.B2S, SHORT_PAIRS, 0))
                        .mul(second))
                .reinterpretAsInts()
                .lanewise(VectorOperators.XOR, SIGN);
        high1 = high1.add(v.lanewise(VectorOperators.ASHR, 16));
        both1 = both1.add(v);
        v =
            ((ShortVector)
                    ByteVector.fromMemorySegment(
                            BYTE_PAIRS, packed, pairs2 + j * COLUMNS, LITTLE_ENDIAN)
                        .convertShape(VectorOperators.B2S, SHORT_PAIRS, 0))
                .mul(first)
                .add(
                    ((ShortVector)
                            ByteVector.fromMemorySegment(
                                    BYTE_PAIRS, packed, pairs2 + (j + 1) * COLUMNS, LITTLE_ENDIAN)
                                .convertShape(VectorOperators.B2S, SHORT_PAIRS, 0))
                        .mul(second))
                .reinterpretAsInts()
                .lanewise(VectorOperators.XOR, SIGN);
        high2 = high2.add(v.lanewise(VectorOperators.ASHR, 16));
        both2 = both2.add(v);
        v =
            ((ShortVector)
                    ByteVector.fromMemorySegment(
                            BYTE_PAIRS, packed, pairs3 + j * COLUMNS, LITTLE_ENDIAN)
                        .convertShape(VectorOperators.B2S, SHORT_PAIRS, 0))
                .mul(first)
                .add(
                    ((ShortVector)
                            ByteVector.fromMemorySegment(
                                    BYTE_PAIRS, packed, pairs3 + (j + 1) * COLUMNS, LITTLE_ENDIAN)
                                .convertShape(VectorOperators.B2S, SHORT_PAIRS, 0))
                        .mul(second))
                .reinterpretAsInts()
                .lanewise(VectorOperators.XOR, SIGN);
        high3 = high3.add(v.lanewise(VectorOperators.ASHR, 16));
        both3 = both3.add(v);
      }
      float input = scales[block + i] * factor;
      both0 = both0.sub(high0.lanewise(VectorOperators.LSHL, 16)).add(high0);
      ((FloatVector) both0.convert(VectorOperators.I2F, 0))
          .fma(
              ((IntVector)
                      ShortVector.fromMemorySegment(SHORTS, packed, unit0, LITTLE_ENDIAN)
                          .convertShape(VectorOperators.S2I, INTS, 0))
                  .lanewise(VectorOperators.LSHL, 13)
                  .and(0x8fffe000)
                  .reinterpretAsFloats()
                  .mul(input),
              FloatVector.fromArray(FLOATS, y, yAt))
          .intoArray(y, yAt);
      both1 = both1.sub(high1.lanewise(VectorOperators.LSHL, 16)).add(high1);
      ((FloatVector) both1.convert(VectorOperators.I2F, 0))
          .fma(
              ((IntVector)
                      ShortVector.fromMemorySegment(SHORTS, packed, unit1, LITTLE_ENDIAN)
                          .convertShape(VectorOperators.S2I, INTS, 0))
                  .lanewise(VectorOperators.LSHL, 13)
                  .and(0x8fffe000)
                  .reinterpretAsFloats()
                  .mul(input),
              FloatVector.fromArray(FLOATS, y, yAt + LANES))
          .intoArray(y, yAt + LANES);
      both2 = both2.sub(high2.lanewise(VectorOperators.LSHL, 16)).add(high2);
      ((FloatVector) both2.convert(VectorOperators.I2F, 0))
          .fma(
              ((IntVector)
                      ShortVector.fromMemorySegment(SHORTS, packed, unit2, LITTLE_ENDIAN)
                          .convertShape(VectorOperators.S2I, INTS, 0))
                  .lanewise(VectorOperators.LSHL, 13)
                  .and(0x8fffe000)
                  .reinterpretAsFloats()
                  .mul(input),
              FloatVector.fromArray(FLOATS, y, yAt + 2 * LANES))
          .intoArray(y, yAt + 2 * LANES);
      both3 = both3.sub(high3.lanewise(VectorOperators.LSHL, 16)).add(high3);
      ((FloatVector) both3.convert(VectorOperators.I2F, 0))
          .fma(
              ((IntVector)
                      ShortVector.fromMemorySegment(SHORTS, packed, unit3, LITTLE_ENDIAN)
                          .convertShape(VectorOperators.S2I, INTS, 0))
                  .lanewise(VectorOperators.LSHL, 13)
                  .and(0x8fffe000)
                  .reinterpretAsFloats()
                  .mul(input),
              FloatVector.fromArray(FLOATS, y, yAt + 3 * LANES))
          .intoArray(y, yAt + 3 * LANES);
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
