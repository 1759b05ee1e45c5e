package dev.skipjack.kernels.vector;

import static dev.skipjack.kernels.vector.Species.LANES;

import dev.skipjack.kernels.Activations;
import dev.skipjack.kernels.support.RowGroups;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;

/**
 * Q5_K by groups of rows. A unit of 256 columns is {@code f16 d[lanes], min[lanes]}, then for each
 * 32 columns {@code u8 scale[lanes], min[lanes]; u32 q[4][lanes]; u32 fifth[lanes]}: words of the
 * lower four bits as in {@link Q4_0Groups}, and a word whose bits i and 16 + i are the fifth ones
 * of columns 2i and 2i + 1, which meet {@link Activations#pairs}. {@link Q5_KProducts} multiplies
 * them.
 */
final class Q5_KGroups implements RowGroups {
  private static final int BLOCK = 256;
  private static final int BLOCK_BYTES = 176;
  private static final int MIN = 2;
  private static final int SIX_BITS = 4;
  private static final int FIFTH = 16;
  private static final int QUANTS = 48;
  static final int SUB = 32;
  static final int SUBS = BLOCK / SUB;
  private static final int LOW_NIBBLES = 0x0f0f0f0f;
  private static final long BOTH_LOW_NIBBLES = 0x0f0f0f0f0f0f0f0fL;
  private static final int LOW_SIX = 0x3f3f3f3f;
  private static final int TOP_TWO = 0x30303030;
  static final int SCALES = 4 * LANES;
  static final int WORDS = 4 * LANES;
  static final int SUB_SCALES = 2 * LANES;
  static final int FIFTH_WORDS = SUB_SCALES + 4 * WORDS;
  static final int SUB_BYTES = FIFTH_WORDS + WORDS;
  static final int UNIT_BYTES = SCALES + SUBS * SUB_BYTES;
  private static final long EVEN_BYTES = 0x0001000100010001L;

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
      packScales(source, block + SIX_BITS, rowBytes, target, unit + SCALES + 2 * row);
      for (int sub = 0; sub < SUBS; sub += 2) {
        int quants = block + QUANTS + sub / 2 * SUB;
        int words = unit + SCALES + sub * SUB_BYTES + SUB_SCALES + 4 * row;
        packWords(source, quants, quants + rowBytes, target, words);
        packWords(source, quants + 2 * rowBytes, quants + 3 * rowBytes, target, words + 8);
      }
      for (int sub = 0; sub < SUBS; sub++) {
        int bits = unit + SCALES + sub * SUB_BYTES + FIFTH_WORDS + 4 * row;
        for (int k = 0; k < Interleaving.ROWS; k++) {
          int word = fifth(source, block + k * rowBytes + FIFTH, sub);
          Interleaving.setInt(target, bits + 4 * k, word);
        }
      }
    }
  }

  /** Six bits each: scales and minima of the first four runs, then of the last four. */
  private static void packScales(byte[] source, int at, int rowBytes, byte[] target, int to) {
    Interleaving.shorts(
        target,
        to,
        SUB_BYTES,
        firstScales(source, at),
        firstScales(source, at + rowBytes),
        firstScales(source, at + 2 * rowBytes),
        firstScales(source, at + 3 * rowBytes));
    Interleaving.shorts(
        target,
        to + SUBS / 2 * SUB_BYTES,
        SUB_BYTES,
        lastScales(source, at),
        lastScales(source, at + rowBytes),
        lastScales(source, at + 2 * rowBytes),
        lastScales(source, at + 3 * rowBytes));
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
          words + SUB_BYTES,
          WORDS,
          a >>> 4 & BOTH_LOW_NIBBLES | nextA & ~BOTH_LOW_NIBBLES,
          b >>> 4 & BOTH_LOW_NIBBLES | nextB & ~BOTH_LOW_NIBBLES);
    }
  }

  /** Bit {@code sub} of 32 bytes: of even ones to the lower half, of odd ones to the upper half. */
  private static int fifth(byte[] source, int at, int sub) {
    long word = 0;
    for (int i = 0; i < SUB; i += 8) {
      long bytes = Interleaving.getLong(source, at + i) >>> sub;
      long even = Long.compress(bytes, EVEN_BYTES);
      long odd = Long.compress(bytes, EVEN_BYTES << 8);
      word |= (even | odd << 16) << i / 2;
    }
    return (int) word;
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
    for (int group = 0; group < ABREAST; group += Q5_KProducts.GROUPS) {
      long first = at + group * groupBytes;
      int to = yAt + group * LANES;
      Q5_KProducts.addTo(packed, first, groupBytes, units, x, token, factor * SCALE_UNIT, y, to);
    }
  }

  @Override
  public void decode(
      MemorySegment packed, long at, int units, float factor, float[] out, int to, int stride) {
    float own = factor * SCALE_UNIT;
    for (int i = 0; i < units * SUBS; i++) {
      long unit = at + i / SUBS * (long) UNIT_BYTES;
      long part = unit + SCALES + i % SUBS * SUB_BYTES;
      FloatVector scale = GroupScales.low(packed, unit).mul(own).mul(BytePairs.low(packed, part));
      FloatVector min = GroupScales.high(packed, unit).mul(own).mul(BytePairs.high(packed, part));
      IntVector bits = GroupScales.ints(packed, part + FIFTH_WORDS);
      for (int j = 0; j < 4; j++) {
        IntVector word = GroupScales.ints(packed, part + SUB_SCALES + j * WORDS);
        write(word, bits, 4 * j, scale, min, out, to + i * SUB * stride, stride);
      }
    }
  }

  /** {@link Nibbles#write} with a fifth bit; {@code column} is the first weight's. */
  private static void write(
      IntVector word,
      IntVector bits,
      int column,
      FloatVector scale,
      FloatVector min,
      float[] out,
      int at,
      int stride) {
    for (int k = 0; k < 8; k++) {
      int c = column + k / 2 + k % 2 * (SUB / 2);
      IntVector low = word.lanewise(VectorOperators.LSHR, 4 * k).and(15);
      IntVector high = bits.lanewise(VectorOperators.LSHR, c / 2 + c % 2 * (SUB / 2)).and(1);
      FloatVector weight =
          (FloatVector)
              low.or(high.lanewise(VectorOperators.LSHL, 4)).convert(VectorOperators.I2F, 0);
      weight.mul(scale).sub(min).intoArray(out, at + c * stride);
    }
  }
}
