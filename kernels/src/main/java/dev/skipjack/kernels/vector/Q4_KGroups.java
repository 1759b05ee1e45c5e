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
 * Q4_K by groups of rows. A unit of 256 columns is {@code f16 d[lanes], min[lanes]}, then for each
 * 64 columns {@code u8 (scale, min)[2][lanes]; u32 q[2][4][lanes]}, the words as in {@link
 * Q4_0Groups} and multiplied like them: with the centre 8 taken off, which is added again where
 * sums are scaled.
 */
final class Q4_KGroups implements RowGroups {
  private static final int BLOCK = 256;
  private static final int BLOCK_BYTES = 144;
  private static final int MIN = 2;
  private static final int SIX_BITS = 4;
  private static final int QUANTS = 16;
  private static final int SUB = 32;
  private static final int SUBS = BLOCK / SUB;
  private static final int CENTRE = 8;
  private static final int LOW_NIBBLES = 0x0f0f0f0f;
  private static final long BOTH_LOW_NIBBLES = 0x0f0f0f0f0f0f0f0fL;
  private static final int LOW_SIX = 0x3f3f3f3f;
  private static final int TOP_TWO = 0x30303030;
  private static final int SCALES = 4 * LANES;
  private static final int WORDS = 4 * LANES;
  private static final int SUB_SCALES = 2 * LANES;
  private static final int PAIR_BYTES = 2 * (SUB_SCALES + 4 * WORDS);
  private static final int UNIT_BYTES = SCALES + SUBS / 2 * PAIR_BYTES;

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
      packScales(source, block + SIX_BITS, rowBytes, target, unit + 2 * row);
      for (int sub = 0; sub < SUBS; sub += 2) {
        int quants = block + QUANTS + sub / 2 * SUB;
        int words = unit + (int) words(sub) + 4 * row;
        packWords(source, quants, quants + rowBytes, target, words);
        packWords(source, quants + 2 * rowBytes, quants + 3 * rowBytes, target, words + 8);
      }
    }
  }

  /** Six bits each: scales and minima of the first four runs, then of the last four. */
  private static void packScales(byte[] source, int at, int rowBytes, byte[] target, int unit) {
    for (int k = 0; k < Interleaving.ROWS; k++) {
      long first = firstScales(source, at + k * rowBytes);
      long last = lastScales(source, at + k * rowBytes);
      for (int sub = 0; sub < SUBS / 2; sub++) {
        int to = unit + 2 * k;
        Interleaving.setShort(target, to + (int) scales(sub), (short) (first >>> 16 * sub));
        Interleaving.setShort(
            target, to + (int) scales(sub + SUBS / 2), (short) (last >>> 16 * sub));
      }
    }
  }

  private static long firstScales(byte[] source, int at) {
    int scales = Interleaving.getInt(source, at) & LOW_SIX;
    int mins = Interleaving.getInt(source, at + 4) & LOW_SIX;
    return Interleaving.pairs(scales, mins);
  }

  /** Low bits in bytes 8 to 11, the top ones above those of the first four. */
  private static long lastScales(byte[] source, int at) {
    int nibbles = Interleaving.getInt(source, at + 8);
    int scales = Interleaving.getInt(source, at) >>> 2 & TOP_TWO | nibbles & LOW_NIBBLES;
    int mins = Interleaving.getInt(source, at + 4) >>> 2 & TOP_TWO | nibbles >>> 4 & LOW_NIBBLES;
    return Interleaving.pairs(scales, mins);
  }

  /** Two rows of two runs: even ones are the low nibbles of 32 bytes, odd ones the high nibbles. */
  private static void packWords(byte[] source, int first, int second, byte[] target, int to) {
    for (int j = 0; j < 4; j += 2) {
      long a = Interleaving.getLong(source, first + 4 * j);
      long b = Interleaving.getLong(source, second + 4 * j);
      long nextA = Interleaving.getLong(source, first + 16 + 4 * j);
      long nextB = Interleaving.getLong(source, second + 16 + 4 * j);
      int words = to + j * WORDS;
      Interleaving.ints(
          target,
          words,
          WORDS,
          a & BOTH_LOW_NIBBLES | (nextA & BOTH_LOW_NIBBLES) << 4,
          b & BOTH_LOW_NIBBLES | (nextB & BOTH_LOW_NIBBLES) << 4);
      Interleaving.ints(
          target,
          words + 4 * WORDS,
          WORDS,
          a >>> 4 & BOTH_LOW_NIBBLES | nextA & ~BOTH_LOW_NIBBLES,
          b >>> 4 & BOTH_LOW_NIBBLES | nextB & ~BOTH_LOW_NIBBLES);
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
    for (int unit = 0; unit < units; unit++) {
      long at0 = at + unit * (long) UNIT_BYTES;
      FloatVector total0 = FloatVector.zero(FLOATS);
      FloatVector total1 = total0;
      FloatVector total2 = total0;
      FloatVector total3 = total0;
      FloatVector min0 = total0;
      FloatVector min1 = total0;
      FloatVector min2 = total0;
      FloatVector min3 = total0;
      for (int sub = 0; sub < SUBS; sub++) {
        int i = block + unit * SUBS + sub;
        long part = at0 + scales(sub);
        long words = at0 + words(sub);
        int k = i * (SUB / 2);
        ShortVector sum0 =
            IntVector.broadcast(INTS, -CENTRE * sums[i] & 0xffff).reinterpretAsShorts();
        ShortVector sum1 = sum0;
        ShortVector sum2 = sum0;
        ShortVector sum3 = sum0;
        for (int j = 0; j < 4; j++) {
          IntVector word0 =
              IntVector.fromMemorySegment(INTS, packed, words + j * WORDS, LITTLE_ENDIAN);
          IntVector word1 =
              IntVector.fromMemorySegment(
                  INTS, packed, words + groupBytes + j * WORDS, LITTLE_ENDIAN);
          IntVector word2 =
              IntVector.fromMemorySegment(
                  INTS, packed, words + 2 * groupBytes + j * WORDS, LITTLE_ENDIAN);
          IntVector word3 =
              IntVector.fromMemorySegment(
                  INTS, packed, words + 3 * groupBytes + j * WORDS, LITTLE_ENDIAN);
          ShortVector f = IntVector.broadcast(INTS, q[k + 4 * j]).reinterpretAsShorts();
          sum0 = word0.reinterpretAsShorts().mul(f).add(sum0);
          sum1 = word1.reinterpretAsShorts().mul(f).add(sum1);
          sum2 = word2.reinterpretAsShorts().mul(f).add(sum2);
          sum3 = word3.reinterpretAsShorts().mul(f).add(sum3);
          f = IntVector.broadcast(INTS, q[k + 4 * j + 1]).reinterpretAsShorts();
          sum0 = word0.lanewise(VectorOperators.LSHR, 4).reinterpretAsShorts().mul(f).add(sum0);
          sum1 = word1.lanewise(VectorOperators.LSHR, 4).reinterpretAsShorts().mul(f).add(sum1);
          sum2 = word2.lanewise(VectorOperators.LSHR, 4).reinterpretAsShorts().mul(f).add(sum2);
          sum3 = word3.lanewise(VectorOperators.LSHR, 4).reinterpretAsShorts().mul(f).add(sum3);
          f = IntVector.broadcast(INTS, q[k + 4 * j + 2]).reinterpretAsShorts();
          sum0 = word0.lanewise(VectorOperators.LSHR, 8).reinterpretAsShorts().mul(f).add(sum0);
          sum1 = word1.lanewise(VectorOperators.LSHR, 8).reinterpretAsShorts().mul(f).add(sum1);
          sum2 = word2.lanewise(VectorOperators.LSHR, 8).reinterpretAsShorts().mul(f).add(sum2);
          sum3 = word3.lanewise(VectorOperators.LSHR, 8).reinterpretAsShorts().mul(f).add(sum3);
          f = IntVector.broadcast(INTS, q[k + 4 * j + 3]).reinterpretAsShorts();
          sum0 = word0.lanewise(VectorOperators.LSHR, 12).reinterpretAsShorts().mul(f).add(sum0);
          sum1 = word1.lanewise(VectorOperators.LSHR, 12).reinterpretAsShorts().mul(f).add(sum1);
          sum2 = word2.lanewise(VectorOperators.LSHR, 12).reinterpretAsShorts().mul(f).add(sum2);
          sum3 = word3.lanewise(VectorOperators.LSHR, 12).reinterpretAsShorts().mul(f).add(sum3);
        }
        float input = scales[i] * factor;
        float centre = CENTRE / SUM_UNIT * sums[i];
        float total = sums[i] * input;
        float own = input * SUM_UNIT;
        IntVector six;
        IntVector v;
        six =
            ((ShortVector)
                    ByteVector.fromMemorySegment(BYTE_PAIRS, packed, part, LITTLE_ENDIAN)
                        .convertShape(VectorOperators.B2S, SHORT_PAIRS, 0))
                .reinterpretAsInts();
        v = sum0.reinterpretAsInts();
        v = v.lanewise(VectorOperators.LSHL, 16).add(v).and(0xffff0000);
        total0 =
            ((FloatVector) v.convert(VectorOperators.I2F, 0))
                .add(centre)
                .fma(
                    ((FloatVector) six.and(0xffff).convert(VectorOperators.I2F, 0)).mul(own),
                    total0);
        min0 =
            ((FloatVector) six.lanewise(VectorOperators.ASHR, 16).convert(VectorOperators.I2F, 0))
                .fma(FloatVector.broadcast(FLOATS, total), min0);
        six =
            ((ShortVector)
                    ByteVector.fromMemorySegment(
                            BYTE_PAIRS, packed, part + groupBytes, LITTLE_ENDIAN)
                        .convertShape(VectorOperators.B2S, SHORT_PAIRS, 0))
                .reinterpretAsInts();
        v = sum1.reinterpretAsInts();
        v = v.lanewise(VectorOperators.LSHL, 16).add(v).and(0xffff0000);
        total1 =
            ((FloatVector) v.convert(VectorOperators.I2F, 0))
                .add(centre)
                .fma(
                    ((FloatVector) six.and(0xffff).convert(VectorOperators.I2F, 0)).mul(own),
                    total1);
        min1 =
            ((FloatVector) six.lanewise(VectorOperators.ASHR, 16).convert(VectorOperators.I2F, 0))
                .fma(FloatVector.broadcast(FLOATS, total), min1);
        six =
            ((ShortVector)
                    ByteVector.fromMemorySegment(
                            BYTE_PAIRS, packed, part + 2 * groupBytes, LITTLE_ENDIAN)
                        .convertShape(VectorOperators.B2S, SHORT_PAIRS, 0))
                .reinterpretAsInts();
        v = sum2.reinterpretAsInts();
        v = v.lanewise(VectorOperators.LSHL, 16).add(v).and(0xffff0000);
        total2 =
            ((FloatVector) v.convert(VectorOperators.I2F, 0))
                .add(centre)
                .fma(
                    ((FloatVector) six.and(0xffff).convert(VectorOperators.I2F, 0)).mul(own),
                    total2);
        min2 =
            ((FloatVector) six.lanewise(VectorOperators.ASHR, 16).convert(VectorOperators.I2F, 0))
                .fma(FloatVector.broadcast(FLOATS, total), min2);
        six =
            ((ShortVector)
                    ByteVector.fromMemorySegment(
                            BYTE_PAIRS, packed, part + 3 * groupBytes, LITTLE_ENDIAN)
                        .convertShape(VectorOperators.B2S, SHORT_PAIRS, 0))
                .reinterpretAsInts();
        v = sum3.reinterpretAsInts();
        v = v.lanewise(VectorOperators.LSHL, 16).add(v).and(0xffff0000);
        total3 =
            ((FloatVector) v.convert(VectorOperators.I2F, 0))
                .add(centre)
                .fma(
                    ((FloatVector) six.and(0xffff).convert(VectorOperators.I2F, 0)).mul(own),
                    total3);
        min3 =
            ((FloatVector) six.lanewise(VectorOperators.ASHR, 16).convert(VectorOperators.I2F, 0))
                .fma(FloatVector.broadcast(FLOATS, total), min3);
      }
      IntVector v;
      v = IntVector.fromMemorySegment(INTS, packed, at0, LITTLE_ENDIAN);
      total0 =
          v.lanewise(VectorOperators.LSHL, 16)
              .lanewise(VectorOperators.ASHR, 3)
              .and(0x8fffe000)
              .reinterpretAsFloats()
              .fma(total0, FloatVector.fromArray(FLOATS, y, yAt));
      total0
          .sub(v.lanewise(VectorOperators.ASHR, 3).and(0x8fffe000).reinterpretAsFloats().mul(min0))
          .intoArray(y, yAt);
      v = IntVector.fromMemorySegment(INTS, packed, at0 + groupBytes, LITTLE_ENDIAN);
      total1 =
          v.lanewise(VectorOperators.LSHL, 16)
              .lanewise(VectorOperators.ASHR, 3)
              .and(0x8fffe000)
              .reinterpretAsFloats()
              .fma(total1, FloatVector.fromArray(FLOATS, y, yAt + LANES));
      total1
          .sub(v.lanewise(VectorOperators.ASHR, 3).and(0x8fffe000).reinterpretAsFloats().mul(min1))
          .intoArray(y, yAt + LANES);
      v = IntVector.fromMemorySegment(INTS, packed, at0 + 2 * groupBytes, LITTLE_ENDIAN);
      total2 =
          v.lanewise(VectorOperators.LSHL, 16)
              .lanewise(VectorOperators.ASHR, 3)
              .and(0x8fffe000)
              .reinterpretAsFloats()
              .fma(total2, FloatVector.fromArray(FLOATS, y, yAt + 2 * LANES));
      total2
          .sub(v.lanewise(VectorOperators.ASHR, 3).and(0x8fffe000).reinterpretAsFloats().mul(min2))
          .intoArray(y, yAt + 2 * LANES);
      v = IntVector.fromMemorySegment(INTS, packed, at0 + 3 * groupBytes, LITTLE_ENDIAN);
      total3 =
          v.lanewise(VectorOperators.LSHL, 16)
              .lanewise(VectorOperators.ASHR, 3)
              .and(0x8fffe000)
              .reinterpretAsFloats()
              .fma(total3, FloatVector.fromArray(FLOATS, y, yAt + 3 * LANES));
      total3
          .sub(v.lanewise(VectorOperators.ASHR, 3).and(0x8fffe000).reinterpretAsFloats().mul(min3))
          .intoArray(y, yAt + 3 * LANES);
    }
  }

  /** Where the scales of a run are in its unit. */
  private static long scales(int sub) {
    return SCALES + (sub >> 1) * (long) PAIR_BYTES + (sub & 1) * SUB_SCALES;
  }

  /** Where the words of a run are. */
  private static long words(int sub) {
    return SCALES + (sub >> 1) * (long) PAIR_BYTES + 2 * SUB_SCALES + (sub & 1) * 4 * WORDS;
  }

  @Override
  public void decode(
      MemorySegment packed, long at, int units, float factor, float[] out, int to, int stride) {
    float own = factor * SCALE_UNIT;
    for (int i = 0; i < units * SUBS; i++) {
      long unit = at + i / SUBS * (long) UNIT_BYTES;
      long part = unit + scales(i % SUBS);
      FloatVector scale = GroupScales.low(packed, unit).mul(own).mul(BytePairs.low(packed, part));
      FloatVector min = GroupScales.high(packed, unit).mul(own).mul(BytePairs.high(packed, part));
      for (int j = 0; j < 4; j++) {
        IntVector word = GroupScales.ints(packed, unit + words(i % SUBS) + j * WORDS);
        Nibbles.write(word, 0, scale, min, out, to + (i * SUB + 4 * j) * stride, stride);
      }
    }
  }
}
