package dev.skipjack.kernels.activation;

/** An oracle that shares nothing with the implementation: a series and a continued fraction. */
final class NormalDistribution {
  private NormalDistribution() {}

  /** P(X <= x) for a standard normal X. */
  static double cdf(double x) {
    double density = Math.exp(-x * x / 2) / Math.sqrt(2 * Math.PI);
    if (Math.abs(x) < 3) {
      return 0.5 + density * series(x);
    }
    double tail = density / fraction(Math.abs(x));
    return x < 0 ? tail : 1 - tail;
  }

  /** {@code x + x^3 / 3 + x^5 / (3 5) + ...} (Marsaglia 2004). */
  private static double series(double x) {
    double term = x;
    double sum = x;
    for (int k = 3; k < 200; k += 2) {
      term *= x * x / k;
      sum += term;
    }
    return sum;
  }

  /** {@code x + 1 / (x + 2 / (x + 3 / (x + ...)))} (Laplace). */
  private static double fraction(double x) {
    double value = x;
    for (int k = 200; k > 0; k--) {
      value = x + k / value;
    }
    return value;
  }
}
