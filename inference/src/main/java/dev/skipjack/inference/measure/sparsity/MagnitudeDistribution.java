package dev.skipjack.inference.measure.sparsity;

/**
 * The distribution of the magnitudes of a layer's activations. Every value is counted, in bins that
 * are the upper halves of the bit patterns: a bin is less than 0.8 % wide, so quantiles are that
 * exact however many values there are, and zeros are exact. NaN counts as the largest of all.
 * Filled by one thread, then read by any.
 */
public final class MagnitudeDistribution {
  private static final int HALF_BITS = 16;
  private static final int MAGNITUDE_MASK = 0x7fffffff;

  private final long[] bins = new long[1 << (Integer.SIZE - 1 - HALF_BITS)];
  private long zeros;
  private long count;

  /** Starts empty. */
  MagnitudeDistribution() {}

  void add(float value) {
    int bits = Float.floatToRawIntBits(value) & MAGNITUDE_MASK;
    bins[bits >>> HALF_BITS]++;
    zeros += bits == 0 ? 1 : 0;
    count++;
  }

  /** Values counted. */
  public long count() {
    return count;
  }

  /** Fraction that is exactly zero. */
  public double zeroRate() {
    return count == 0 ? 0 : (double) zeros / count;
  }

  /**
   * A magnitude that the given fraction of the values does not exceed: the upper end of the bin
   * that holds the quantile, or exactly 0.
   *
   * @param fraction 0 to 1
   */
  public float quantile(double fraction) {
    long rank = Math.max(1, (long) Math.ceil(fraction * count));
    if (rank <= zeros || count == 0) {
      return 0;
    }
    int bin = 0;
    long below = bins[0];
    while (below < rank) {
      below += bins[++bin];
    }
    return Float.intBitsToFloat(bin << HALF_BITS | (1 << HALF_BITS) - 1);
  }

  /** Fraction of the values in bins that end at or below a magnitude, zeros included. */
  public double upTo(float magnitude) {
    int last = (Float.floatToRawIntBits(magnitude) & MAGNITUDE_MASK) + 1 >>> HALF_BITS;
    long below = zeros;
    for (int bin = 0; bin < last; bin++) {
      below += bin == 0 ? bins[0] - zeros : bins[bin];
    }
    return count == 0 ? 0 : (double) below / count;
  }
}
