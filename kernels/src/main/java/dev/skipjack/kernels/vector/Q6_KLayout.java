package dev.skipjack.kernels.vector;

import static dev.skipjack.kernels.vector.Species.FLOATS;
import static dev.skipjack.kernels.vector.Species.LANES;
import static java.nio.ByteOrder.LITTLE_ENDIAN;

import dev.skipjack.kernels.Activations;
import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;

/**
 * How groups of rows of Q6_K lie in memory. A unit of 256 columns is {@code f32 d[lanes]; i8
 * scale[8][lanes][2]}, scales of 16 columns, two neighbours side by side; then for each 16 columns
 * {@code u32 q[3][lanes]}, words that hold six-bit weights as {@link Activations#sixes} says. All
 * loads of a unit begin at multiples of their own length, so that none crosses a cache line.
 */
final class Q6_KLayout {
  private static final int BLOCK = 256;
  private static final int SUB = 16;

  /** Runs of columns with a scale of their own. */
  static final int SUBS = BLOCK / SUB;

  /** Bytes before the scales of runs, two runs of which take {@link #PAIR_SCALES}. */
  static final int SUB_SCALES = 4 * LANES;

  static final int PAIR_SCALES = 2 * LANES;

  /** Bytes before the words, of which each run has three. */
  static final int WORDS = SUB_SCALES + SUBS / 2 * PAIR_SCALES;

  static final int WORD_BYTES = 4 * LANES;
  static final int SUB_BYTES = 3 * WORD_BYTES;
  static final int UNIT_BYTES = WORDS + SUBS * SUB_BYTES;

  private static final int CENTRE = 32;

  // The file's own blocks.
  private static final int BLOCK_BYTES = 210;
  private static final int HIGH_BITS = 128;
  private static final int BLOCK_SCALES = 192;
  private static final int SCALE = 208;
  private static final long LOW_NIBBLES = 0x0f0f0f0f0f0f0f0fL;
  private static final long LOW_PAIRS = 0x0303030303030303L;

  /** Of eight weights in bytes: all of the first two and the lower four bits of the third. */
  private static final long FIRST = 0x0f3f3fL;

  private static final long SECOND = FIRST << 24;
  private static final long LAST_TWO = 0x3f3fL << 48;

  /** The upper bits of the third and the sixth. */
  private static final long REST = 0x30L << 16 | 0x30L << 40;

  private Q6_KLayout() {}

  static float largestScale(MemorySegment source, long at, int units) {
    return GroupScales.largest(source, at + SCALE, units, BLOCK_BYTES);
  }

  static void pack(byte[] rows, int rowBytes, int units, float scaling, byte[] target) {
    for (int row = 0; row < LANES; row += 2) {
      for (int i = 0; i < units; i++) {
        int block = row * rowBytes + i * BLOCK_BYTES;
        packBlocks(rows, block, rowBytes, scaling, target, i * UNIT_BYTES, row);
      }
    }
  }

  /** A block of {@code row} and of the row after it. */
  private static void packBlocks(
      byte[] source, int block, int rowBytes, float scaling, byte[] target, int unit, int row) {
    for (int k = 0; k < 2; k++) {
      int from = block + k * rowBytes;
      Interleaving.scaleToFloat(source, from + SCALE, scaling, target, unit + 4 * (row + k));
      for (int pair = 0; pair < SUBS / 2; pair++) {
        int scales = unit + SUB_SCALES + pair * PAIR_SCALES + 2 * (row + k);
        target[scales] = source[from + BLOCK_SCALES + 2 * pair];
        target[scales + 1] = source[from + BLOCK_SCALES + 2 * pair + 1];
      }
    }
    for (int half = 0; half < 2; half++) {
      int low = block + half * 64;
      int high = block + HIGH_BITS + half * 32;
      int to = unit + WORDS + half * 8 * SUB_BYTES + 4 * row;
      packHalf(source, low, high, rowBytes, target, to);
    }
  }

  /**
   * Each half of a block has four runs of 32 columns: they share 64 bytes of low bits, the later
   * two in the upper nibbles, and 32 bytes of high bits, two bits each.
   */
  private static void packHalf(
      byte[] source, int low, int high, int rowBytes, byte[] target, int to) {
    for (int run = 0; run < 4; run++) {
      int nibbles = low + run % 2 * 32;
      int shift = run / 2 * 4;
      for (int sub = 0; sub < 2; sub++) {
        int c = sub * SUB;
        long a0 = weights(source, nibbles + c, shift, high + c, 2 * run);
        long a1 = weights(source, nibbles + c + 8, shift, high + c + 8, 2 * run);
        int below = nibbles + rowBytes + c;
        int highBelow = high + rowBytes + c;
        long b0 = weights(source, below, shift, highBelow, 2 * run);
        long b1 = weights(source, below + 8, shift, highBelow + 8, 2 * run);
        int at = to + (2 * run + sub) * SUB_BYTES;
        int words = WORD_BYTES;
        Interleaving.ints(target, at, words, twoWords(a0, a1), twoWords(b0, b1));
        Interleaving.setInt(target, at + 2 * words, third(a0) | third(a1) << 16);
        Interleaving.setInt(target, at + 2 * words + 4, third(b0) | third(b1) << 16);
      }
    }
  }

  /** Eight weights, 0 to 63, as bytes. */
  private static long weights(byte[] source, int low, int lowShift, int high, int highShift) {
    return Interleaving.getLong(source, low) >>> lowShift & LOW_NIBBLES
        | (Interleaving.getLong(source, high) >>> highShift & LOW_PAIRS) << 4;
  }

  /** The first two words of a row: halves of columns 0 to 7, and of the next eight above them. */
  private static long twoWords(long first, long next) {
    return Long.compress(first, FIRST)
        | Long.compress(next, FIRST) << 16
        | Long.compress(first, SECOND) << 32
        | Long.compress(next, SECOND) << 48;
  }

  private static int third(long weights) {
    return (int) (Long.compress(weights, LAST_TWO) | Long.compress(weights, REST) << 12);
  }

  /**
   * See {@link Q6_KGroups#decode}. In methods that pass no vectors to each other: whatever C2 then
   * inlines, it boxes none.
   */
  static void decode(
      MemorySegment packed, long at, int units, float factor, float[] out, int to, int stride) {
    for (int i = 0; i < units * SUBS; i++) {
      long unit = at + i / SUBS * (long) UNIT_BYTES;
      int sub = i % SUBS;
      for (int half = 0; half < 2; half++) {
        int shift = half * 16;
        int column = to + (i * SUB + half * (SUB / 2)) * stride;
        three(packed, unit, sub, factor, 0, shift, out, column, stride);
        three(packed, unit, sub, factor, 1, shift, out, column + 3 * stride, stride);
        two(packed, unit, sub, factor, shift, out, column + 6 * stride, stride);
      }
    }
  }

  /** The scales of a run, of all rows. */
  private static FloatVector scales(MemorySegment packed, long unit, int sub, float factor) {
    long pair = unit + SUB_SCALES + sub / 2 * PAIR_SCALES;
    FloatVector scales = sub % 2 == 0 ? BytePairs.low(packed, pair) : BytePairs.high(packed, pair);
    return FloatVector.fromMemorySegment(FLOATS, packed, unit, LITTLE_ENDIAN)
        .mul(factor)
        .mul(scales);
  }

  /** The weights in one half of the first or the second word of a run, and the third of them. */
  private static void three(
      MemorySegment packed,
      long unit,
      int sub,
      float factor,
      int word,
      int shift,
      float[] out,
      int at,
      int stride) {
    FloatVector scale = scales(packed, unit, sub, factor);
    long words = unit + WORDS + sub * SUB_BYTES;
    IntVector weights =
        GroupScales.ints(packed, words + word * WORD_BYTES).lanewise(VectorOperators.LSHR, shift);
    IntVector rest =
        GroupScales.ints(packed, words + 2 * WORD_BYTES)
            .lanewise(VectorOperators.LSHR, shift + 12 + 2 * word)
            .and(3)
            .lanewise(VectorOperators.LSHL, 4);
    write(weights.and(63), scale, out, at);
    write(weights.lanewise(VectorOperators.LSHR, 6).and(63), scale, out, at + stride);
    IntVector lower = weights.lanewise(VectorOperators.LSHR, 12).and(15);
    write(lower.or(rest), scale, out, at + 2 * stride);
  }

  /** The two weights in one half of the third word of a run. */
  private static void two(
      MemorySegment packed,
      long unit,
      int sub,
      float factor,
      int shift,
      float[] out,
      int at,
      int stride) {
    FloatVector scale = scales(packed, unit, sub, factor);
    IntVector weights =
        GroupScales.ints(packed, unit + WORDS + sub * SUB_BYTES + 2 * WORD_BYTES)
            .lanewise(VectorOperators.LSHR, shift);
    write(weights.and(63), scale, out, at);
    write(weights.lanewise(VectorOperators.LSHR, 6).and(63), scale, out, at + stride);
  }

  private static void write(IntVector six, FloatVector scale, float[] out, int at) {
    ((FloatVector) six.sub(CENTRE).convert(VectorOperators.I2F, 0)).mul(scale).intoArray(out, at);
  }
}
