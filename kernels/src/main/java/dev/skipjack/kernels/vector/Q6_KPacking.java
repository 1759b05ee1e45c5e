package dev.skipjack.kernels.vector;

import static dev.skipjack.kernels.vector.Species.LANES;

/** Interleaves rows of Q6_K blocks into the layout of {@link Q6_KGroups}. */
final class Q6_KPacking {
  private static final int BLOCK_BYTES = 210;
  private static final int HIGH_BITS = 128;
  private static final int SUB_SCALES = 192;
  private static final int SCALE = 208;
  private static final int SUB = 16;
  private static final long LOW_NIBBLES = 0x0f0f0f0f0f0f0f0fL;
  private static final long LOW_PAIRS = 0x0303030303030303L;

  /** Of eight weights in bytes: all of the first two and the lower four bits of the third. */
  private static final long FIRST = 0x0f3f3fL;

  private static final long SECOND = FIRST << 24;
  private static final long LAST_TWO = 0x3f3fL << 48;

  /** The upper bits of the third and the sixth. */
  private static final long REST = 0x30L << 16 | 0x30L << 40;

  private Q6_KPacking() {}

  static void pack(byte[] rows, int rowBytes, int units, float scaling, byte[] target) {
    for (int row = 0; row < LANES; row += 2) {
      for (int i = 0; i < units; i++) {
        int block = row * rowBytes + i * BLOCK_BYTES;
        packBlocks(rows, block, rowBytes, scaling, target, i * Q6_KGroups.UNIT_BYTES, row);
      }
    }
  }

  /** A block of {@code row} and of the row after it. */
  private static void packBlocks(
      byte[] source, int block, int rowBytes, float scaling, byte[] target, int unit, int row) {
    for (int k = 0; k < 2; k++) {
      int from = block + k * rowBytes;
      Interleaving.scaleToFloat(source, from + SCALE, scaling, target, unit + 4 * (row + k));
      for (int pair = 0; pair < Q6_KGroups.SUBS / 2; pair++) {
        int scales = unit + Q6_KGroups.SUB_SCALES + pair * Q6_KGroups.PAIR_SCALES + 2 * (row + k);
        target[scales] = source[from + SUB_SCALES + 2 * pair];
        target[scales + 1] = source[from + SUB_SCALES + 2 * pair + 1];
      }
    }
    for (int half = 0; half < 2; half++) {
      int low = block + half * 64;
      int high = block + HIGH_BITS + half * 32;
      int to = unit + Q6_KGroups.WORDS + half * 8 * Q6_KGroups.SUB_BYTES + 4 * row;
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
        int at = to + (2 * run + sub) * Q6_KGroups.SUB_BYTES;
        int words = Q6_KGroups.WORD_BYTES;
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
}
