package dev.skipjack.bench.synthetic;

/** The standard normal distribution. */
final class NormalDistribution {
  private static final double FAR = 6;

  private NormalDistribution() {}

  /**
   * {@code P(X <= x)} to about 1e-15, by Marsaglia's Taylor series ("Evaluating the Normal
   * Distribution", 2004), for {@code |x| <= 6}.
   */
  static double cumulative(double x) {
    double term = x;
    double sum = x;
    for (int i = 3; Math.abs(term) > 1e-17; i += 2) {
      term *= x * x / i;
      sum += term;
    }
    return 0.5 + sum * Math.exp(-0.5 * x * x) / Math.sqrt(2 * Math.PI);
  }

  /** The x with {@code P(X <= x) = probability}, clamped to {@code -6 .. 6}. */
  static double quantile(double probability) {
    double low = -FAR;
    double high = FAR;
    while (high - low > 1e-12) {
      double middle = (low + high) / 2;
      if (cumulative(middle) < probability) {
        low = middle;
      } else {
        high = middle;
      }
    }
    return (low + high) / 2;
  }
}
