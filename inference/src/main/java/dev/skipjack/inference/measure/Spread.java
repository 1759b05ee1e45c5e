package dev.skipjack.inference.measure;

import java.util.Arrays;
import java.util.List;

/** How numbers are distributed: mean, its standard error, and quantiles. Immutable. */
public final class Spread {
  private final double[] sorted;

  private Spread(double[] sorted) {
    this.sorted = sorted;
  }

  /**
   * @param values at least one
   */
  public static Spread of(double... values) {
    if (values.length == 0) {
      throw new IllegalArgumentException("values: found none, expected at least one");
    }
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    return new Spread(sorted);
  }

  /**
   * @param values at least one
   */
  public static Spread of(List<Double> values) {
    return of(values.stream().mapToDouble(value -> value).toArray());
  }

  public double mean() {
    return Arrays.stream(sorted).sum() / sorted.length;
  }

  /** Standard error of the mean; 0 for a single value. */
  public double error() {
    double mean = mean();
    double squares = Arrays.stream(sorted).map(value -> (value - mean) * (value - mean)).sum();
    return sorted.length == 1 ? 0 : Math.sqrt(squares / sorted.length / (sorted.length - 1));
  }

  /** Root of the mean square. */
  public double rootMeanSquare() {
    return Math.sqrt(Arrays.stream(sorted).map(value -> value * value).sum() / sorted.length);
  }

  /**
   * Interpolated linearly between the values beside it.
   *
   * @param fraction 0 for the smallest, 0.5 for the median, 1 for the largest
   */
  public double quantile(double fraction) {
    double position = Math.clamp(fraction, 0, 1) * (sorted.length - 1);
    int below = (int) position;
    int above = Math.min(below + 1, sorted.length - 1);
    return sorted[below] + (position - below) * (sorted[above] - sorted[below]);
  }

  public double smallest() {
    return sorted[0];
  }

  public double largest() {
    return sorted[sorted.length - 1];
  }

  public double median() {
    return quantile(0.5);
  }
}
