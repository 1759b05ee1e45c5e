package dev.skipjack.inference.calibration;

import java.util.Arrays;

/** The distribution of a sample. Immutable. */
final class Quantiles {
  private final float[] sorted;

  private Quantiles(float[] sorted) {
    this.sorted = sorted;
  }

  /**
   * @param values at least one; sorted in place and kept
   */
  static Quantiles of(float[] values) {
    Arrays.parallelSort(values);
    return new Quantiles(values);
  }

  /** The same distribution by so many of its quantiles, at least 2, at equal distances. */
  Quantiles reduceTo(int points) {
    float[] reduced = new float[points];
    for (int i = 0; i < points; i++) {
      reduced[i] = at((double) i / (points - 1));
    }
    return new Quantiles(reduced);
  }

  /** The value below which a fraction of the sample lies, interpolated linearly. */
  float at(double fraction) {
    double position = Math.clamp(fraction, 0, 1) * (sorted.length - 1);
    int below = (int) position;
    int above = Math.min(below + 1, sorted.length - 1);
    return (float) (sorted[below] + (position - below) * (sorted[above] - sorted[below]));
  }

  /** The fraction of the sample that is at most a value. */
  double upTo(float value) {
    int from = 0;
    int to = sorted.length;
    while (from < to) {
      int middle = (from + to) >>> 1;
      if (sorted[middle] <= value) {
        from = middle + 1;
      } else {
        to = middle;
      }
    }
    return (double) from / sorted.length;
  }
}
