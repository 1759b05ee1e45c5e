package dev.skipjack.inference.feedforward;

import dev.skipjack.inference.layer.SelectionSpace;

/** Signs of vectors, 64 channels to a word; a set bit is a negative number. */
public final class SignBits {
  private SignBits() {}

  /** Words that hold a bit for each channel. */
  public static int words(int channels) {
    return SelectionSpace.words(channels);
  }

  /**
   * Writes words {@code [fromWord, toWord)} of the signs of {@code x[offset .. offset + channels)}
   * to {@code bits[at ..]}; missing channels are 0.
   */
  public static void pack(
      float[] x, int offset, int channels, long[] bits, int at, int fromWord, int toWord) {
    for (int word = fromWord; word < toWord; word++) {
      long packed = 0;
      int first = word * Long.SIZE;
      int end = Math.min(channels, first + Long.SIZE);
      for (int i = first; i < end; i++) {
        packed |= (long) (Float.floatToRawIntBits(x[offset + i]) >>> 31) << (i - first);
      }
      bits[at + word] = packed;
    }
  }

  /** How many bits differ: how many products of the two vectors are negative. */
  public static int differences(long[] x, int xAt, long[] y, int yAt, int words) {
    int sum = 0;
    for (int i = 0; i < words; i++) {
      sum += Long.bitCount(x[xAt + i] ^ y[yAt + i]);
    }
    return sum;
  }
}
