package dev.skipjack.kernels.vector;

import static dev.skipjack.kernels.vector.Species.FLOATS;
import static dev.skipjack.kernels.vector.Species.INTS;
import static dev.skipjack.kernels.vector.Species.LANES;
import static java.nio.ByteOrder.LITTLE_ENDIAN;

import dev.skipjack.kernels.Activations;
import dev.skipjack.kernels.support.RowGroups;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.ShortVector;
import jdk.incubator.vector.VectorOperators;

/**
 * Q4_1 by groups of rows. A unit of 32 columns is {@code f16 d[lanes], m[lanes]} side by side, then
 * {@code u32 q[4][lanes]}, the words as in {@link Q4_0Groups} and multiplied like them: with the
 * centre 8 taken off, which is added again where sums are scaled.
 */
final class Q4_1Groups implements RowGroups {
  private static final int BLOCK = 32;
  private static final int BLOCK_BYTES = 20;
  private static final int MIN = 2;
  private static final int QUANTS = 4;
  private static final int CENTRE = 8;
  private static final int SCALES = 4 * LANES;
  private static final int WORDS = 4 * LANES;
  private static final int UNIT_BYTES = SCALES + 4 * WORDS;

  /** Scales are read as floats 2^112 too small, sums as integers 2^16 too large. */
  private static final float SCALE_UNIT = 0x1p112f;

  private static final float SUM_UNIT = 0x1p-16f;

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
    return Math.max(
        GroupScales.largest(source, at, units, BLOCK_BYTES),
        GroupScales.largest(source, at + MIN, units, BLOCK_BYTES));
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
        int scales = block + k * rowBytes;
        Interleaving.scale(source, scales, scaling, target, unit + 4 * (row + k));
        Interleaving.scale(source, scales + MIN, scaling, target, unit + 4 * (row + k) + 2);
      }
      for (int j = 0; j < 4; j += 2) {
        int quants = block + QUANTS + 4 * j;
        int words = unit + SCALES + j * WORDS + 4 * row;
        Interleaving.ints(
            target,
            words,
            WORDS,
            Interleaving.getLong(source, quants),
            Interleaving.getLong(source, quants + rowBytes));
        Interleaving.ints(
            target,
            words + 8,
            WORDS,
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
        x.nibbles(token),
        x.scales(),
        x.sums(),
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
      short[] sums,
      int block,
      float factor,
      float[] y,
      int yAt) {
    for (int i = 0; i < units; i++) {
      long unit0 = at + (long) i * UNIT_BYTES;
      long unit1 = at + (long) i * UNIT_BYTES + groupBytes;
      long unit2 = at + (long) i * UNIT_BYTES + 2 * groupBytes;
      long unit3 = at + (long) i * UNIT_BYTES + 3 * groupBytes;
      long words0 = unit0 + SCALES;
      long words1 = unit1 + SCALES;
      long words2 = unit2 + SCALES;
      long words3 = unit3 + SCALES;
      int k = (block + i) * (BLOCK / 2);
      ShortVector sum0 =
          IntVector.broadcast(INTS, -CENTRE * sums[block + i] & 0xffff).reinterpretAsShorts();
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
        ShortVector factors = IntVector.broadcast(INTS, q[k + 4 * j]).reinterpretAsShorts();
        sum0 = word0.reinterpretAsShorts().mul(factors).add(sum0);
        sum1 = word1.reinterpretAsShorts().mul(factors).add(sum1);
        sum2 = word2.reinterpretAsShorts().mul(factors).add(sum2);
        sum3 = word3.reinterpretAsShorts().mul(factors).add(sum3);
        factors = IntVector.broadcast(INTS, q[k + 4 * j + 1]).reinterpretAsShorts();
        sum0 = word0.lanewise(VectorOperators.LSHR, 4).reinterpretAsShorts().mul(factors).add(sum0);
        sum1 = word1.lanewise(VectorOperators.LSHR, 4).reinterpretAsShorts().mul(factors).add(sum1);
        sum2 = word2.lanewise(VectorOperators.LSHR, 4).reinterpretAsShorts().mul(factors).add(sum2);
        sum3 = word3.lanewise(VectorOperators.LSHR, 4).reinterpretAsShorts().mul(factors).add(sum3);
        factors = IntVector.broadcast(INTS, q[k + 4 * j + 2]).reinterpretAsShorts();
        sum0 = word0.lanewise(VectorOperators.LSHR, 8).reinterpretAsShorts().mul(factors).add(sum0);
        sum1 = word1.lanewise(VectorOperators.LSHR, 8).reinterpretAsShorts().mul(factors).add(sum1);
        sum2 = word2.lanewise(VectorOperators.LSHR, 8).reinterpretAsShorts().mul(factors).add(sum2);
        sum3 = word3.lanewise(VectorOperators.LSHR, 8).reinterpretAsShorts().mul(factors).add(sum3);
        factors = IntVector.broadcast(INTS, q[k + 4 * j + 3]).reinterpretAsShorts();
        sum0 =
            word0.lanewise(VectorOperators.LSHR, 12).reinterpretAsShorts().mul(factors).add(sum0);
        sum1 =
            word1.lanewise(VectorOperators.LSHR, 12).reinterpretAsShorts().mul(factors).add(sum1);
        sum2 =
            word2.lanewise(VectorOperators.LSHR, 12).reinterpretAsShorts().mul(factors).add(sum2);
        sum3 =
            word3.lanewise(VectorOperators.LSHR, 12).reinterpretAsShorts().mul(factors).add(sum3);
      }
      float input = scales[block + i] * factor;
      float centre = CENTRE * sums[block + i];
      float total = sums[block + i] * input;
      IntVector v;
      FloatVector sum;
      v = sum0.reinterpretAsInts();
      v = v.lanewise(VectorOperators.LSHL, 16).add(v).and(0xffff0000);
      sum = ((FloatVector) v.convert(VectorOperators.I2F, 0)).mul(SUM_UNIT).add(centre).mul(input);
      v = IntVector.fromMemorySegment(INTS, packed, unit0, LITTLE_ENDIAN);
      sum =
          v.lanewise(VectorOperators.LSHL, 16)
              .lanewise(VectorOperators.ASHR, 3)
              .and(0x8fffe000)
              .reinterpretAsFloats()
              .fma(sum, FloatVector.fromArray(FLOATS, y, yAt));
      v.lanewise(VectorOperators.ASHR, 3)
          .and(0x8fffe000)
          .reinterpretAsFloats()
          .fma(FloatVector.broadcast(FLOATS, total), sum)
          .intoArray(y, yAt);
      v = sum1.reinterpretAsInts();
      v = v.lanewise(VectorOperators.LSHL, 16).add(v).and(0xffff0000);
      sum = ((FloatVector) v.convert(VectorOperators.I2F, 0)).mul(SUM_UNIT).add(centre).mul(input);
      v = IntVector.fromMemorySegment(INTS, packed, unit1, LITTLE_ENDIAN);
      sum =
          v.lanewise(VectorOperators.LSHL, 16)
              .lanewise(VectorOperators.ASHR, 3)
              .and(0x8fffe000)
              .reinterpretAsFloats()
              .fma(sum, FloatVector.fromArray(FLOATS, y, yAt + LANES));
      v.lanewise(VectorOperators.ASHR, 3)
          .and(0x8fffe000)
          .reinterpretAsFloats()
          .fma(FloatVector.broadcast(FLOATS, total), sum)
          .intoArray(y, yAt + LANES);
      v = sum2.reinterpretAsInts();
      v = v.lanewise(VectorOperators.LSHL, 16).add(v).and(0xffff0000);
      sum = ((FloatVector) v.convert(VectorOperators.I2F, 0)).mul(SUM_UNIT).add(centre).mul(input);
      v = IntVector.fromMemorySegment(INTS, packed, unit2, LITTLE_ENDIAN);
      sum =
          v.lanewise(VectorOperators.LSHL, 16)
              .lanewise(VectorOperators.ASHR, 3)
              .and(0x8fffe000)
              .reinterpretAsFloats()
              .fma(sum, FloatVector.fromArray(FLOATS, y, yAt + 2 * LANES));
      v.lanewise(VectorOperators.ASHR, 3)
          .and(0x8fffe000)
          .reinterpretAsFloats()
          .fma(FloatVector.broadcast(FLOATS, total), sum)
          .intoArray(y, yAt + 2 * LANES);
      v = sum3.reinterpretAsInts();
      v = v.lanewise(VectorOperators.LSHL, 16).add(v).and(0xffff0000);
      sum = ((FloatVector) v.convert(VectorOperators.I2F, 0)).mul(SUM_UNIT).add(centre).mul(input);
      v = IntVector.fromMemorySegment(INTS, packed, unit3, LITTLE_ENDIAN);
      sum =
          v.lanewise(VectorOperators.LSHL, 16)
              .lanewise(VectorOperators.ASHR, 3)
              .and(0x8fffe000)
              .reinterpretAsFloats()
              .fma(sum, FloatVector.fromArray(FLOATS, y, yAt + 3 * LANES));
      v.lanewise(VectorOperators.ASHR, 3)
          .and(0x8fffe000)
          .reinterpretAsFloats()
          .fma(FloatVector.broadcast(FLOATS, total), sum)
          .intoArray(y, yAt + 3 * LANES);
    }
  }

  @Override
  public void decode(
      MemorySegment packed, long at, int units, float factor, float[] out, int to, int stride) {
    float own = factor * SCALE_UNIT;
    for (int i = 0; i < units; i++) {
      long unit = at + (long) i * UNIT_BYTES;
      FloatVector scale = GroupScales.low(packed, unit).mul(own);
      FloatVector min = GroupScales.high(packed, unit).mul(-own);
      for (int j = 0; j < 4; j++) {
        IntVector word = GroupScales.ints(packed, unit + SCALES + j * WORDS);
        Nibbles.write(word, 0, scale, min, out, to + (i * BLOCK + 4 * j) * stride, stride);
      }
    }
  }
}
