package dev.skipjack.inference.measure.sparsity;

import java.util.Arrays;

/** Statistics of samples. */
final class Samples {
  private Samples() {}

  /**
   * A quantile, interpolated linearly between the samples beside it.
   *
   * @param sample at least one value; sorted in place
   */
  static double quantile(float[] sample, double fraction) {
    Arrays.sort(sample);
    double position = fraction * (sample.length - 1);
    int below = (int) position;
    int above = Math.min(below + 1, sample.length - 1);
    return sample[below] + (position - below) * ((double) sample[above] - sample[below]);
  }
}
