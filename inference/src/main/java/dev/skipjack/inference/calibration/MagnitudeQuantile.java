package dev.skipjack.inference.calibration;

/**
 * An exact quantile of magnitudes too many to keep, found in two passes over them: the first counts
 * the upper halves of their bit patterns, which are ordered like the magnitudes, and the second the
 * lower halves of those that share the upper half of the answer. NaN counts as the largest of all.
 */
final class MagnitudeQuantile {
  private static final int HALF_BITS = 16;
  private static final int MAGNITUDE_MASK = 0x7fffffff;

  private final long[] upper = new long[1 << (Integer.SIZE - 1 - HALF_BITS)];
  private final long[] lower = new long[1 << HALF_BITS];
  private long count;
  private int answerUpper;
  private long below;

  /** First pass. */
  void add(float[] values, int offset, int length) {
    for (int i = offset; i < offset + length; i++) {
      upper[(Float.floatToRawIntBits(values[i]) & MAGNITUDE_MASK) >>> HALF_BITS]++;
    }
    count += length;
  }

  /**
   * Ends the first pass.
   *
   * @param fraction above 0 and at most 1
   */
  void narrow(double fraction) {
    long rank = rank(fraction);
    below = 0;
    answerUpper = 0;
    while (below + upper[answerUpper] < rank) {
      below += upper[answerUpper++];
    }
  }

  /** Second pass, over the same values. */
  void refine(float[] values, int offset, int length) {
    for (int i = offset; i < offset + length; i++) {
      int bits = Float.floatToRawIntBits(values[i]) & MAGNITUDE_MASK;
      if (bits >>> HALF_BITS == answerUpper) {
        lower[bits & (1 << HALF_BITS) - 1]++;
      }
    }
  }

  /** The smallest of the magnitudes that the fraction given to {@link #narrow} does not exceed. */
  float get(double fraction) {
    long left = rank(fraction) - below;
    int answerLower = 0;
    while (lower[answerLower] < left) {
      left -= lower[answerLower++];
    }
    return Float.intBitsToFloat(answerUpper << HALF_BITS | answerLower);
  }

  /** From 1 up. */
  private long rank(double fraction) {
    return Math.max(1, (long) Math.ceil(fraction * count));
  }
}
