package dev.skipjack.kernels.activation;

/** Functions that several formulas share, in double. NaN gives NaN. */
final class ScalarMath {
  /**
   * {@code g[k]} in {@code 1 - cdf(a) = exp(-a^2 / 2) sum_k g[k] t^(k + 1)}, {@code t = 1 / (1 + a
   * / 4)}, {@code a >= 0}: the form of Hastings' approximations of the error function (Abramowitz
   * and Stegun, 7.1.26) with more terms, fitted in Chebyshev nodes to 1e-12.
   */
  private static final double[] NORMAL_TAIL = {
    0.099735570100611058,
    0.099735569969460448,
    0.093502108700245465,
    0.081034719667946703,
    0.063512063646539741,
    0.043139978453821523,
    0.024251384531585606,
    0.0023783043973243375,
    0.016256587794900571,
    -0.062601157800286171,
    0.11185317165043164,
    -0.17333240686555876,
    0.17551567790350153,
    -0.10349387022541225,
    0.032949226272318146,
    -0.0044369281984417269
  };

  private ScalarMath() {}

  /** {@code 1 / (1 + exp(-x))}. */
  static double sigmoid(double x) {
    return 1 / (1 + Math.exp(-x));
  }

  /** The normal distribution's cumulative probability, accurate in the lower tail too. */
  static double normalCdf(double x) {
    double t = 1 / (1 + 0.25 * Math.abs(x));
    double sum = 0;
    for (int k = NORMAL_TAIL.length - 1; k >= 0; k--) {
      sum = (sum + NORMAL_TAIL[k]) * t;
    }
    double tail = Math.exp(-0.5 * x * x) * sum;
    return x < 0 ? tail : 1 - tail;
  }

  /** {@code atan(x) / pi + 1 / 2} without cancellation in the lower tail. */
  static double cauchyCdf(double x) {
    double tail = Math.atan2(1, Math.abs(x)) / Math.PI;
    return x < 0 ? tail : 1 - tail;
  }

  /** {@code s x}, and 0 where the gate {@code s} is 0 even if {@code x} is infinite. */
  static double gate(double s, double x) {
    return s == 0 ? 0 : s * x;
  }
}
