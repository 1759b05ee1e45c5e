package dev.skipjack.loader.tensor;

/**
 * A map {@code y = scale * level} of levels {@code -half ... half - 1}, the scale of either sign,
 * and the search for the one of least weighted squared error.
 *
 * <p>For fixed levels the best scale is a quotient of two sums. The search takes the levels nearest
 * under each of a row of scales around the one that puts the value of largest magnitude on {@code
 * -half}, and the best scale for those.
 */
record SymmetricFit(double scale, int half) {
  private static final int STARTS = 5;
  private static final double START_STEP = 0.4;

  static SymmetricFit search(WeightedGroup group, int half) {
    double extreme = group.extreme();
    SymmetricFit best = new SymmetricFit(-extreme / half, half);
    double leastError = best.error(group);
    for (int start = -STARTS; start <= STARTS; start++) {
      SymmetricFit spanning = new SymmetricFit(-extreme / (half + START_STEP * start), half);
      SymmetricFit fit = spanning.refit(group);
      double error = fit.error(group);
      if (error < leastError) {
        best = fit;
        leastError = error;
      }
    }
    return best;
  }

  /** The level nearest to a value. */
  int level(float value) {
    return level(value, inverse());
  }

  private int level(float value, double inverse) {
    return Math.clamp((int) Math.rint(value * inverse), -half, half - 1);
  }

  private double inverse() {
    return scale == 0 ? 0 : 1 / scale;
  }

  /** The weighted squared error over a group. */
  double error(WeightedGroup group) {
    double inverse = inverse();
    double error = 0;
    for (int j = 0; j < group.length(); j++) {
      float value = group.values()[j];
      double difference = scale * level(value, inverse) - value;
      error += group.weights()[j] * difference * difference;
    }
    return error;
  }

  /** The best map for the levels that this one gives. */
  private SymmetricFit refit(WeightedGroup group) {
    double wqq = 0;
    double wxq = 0;
    double inverse = inverse();
    for (int j = 0; j < group.length(); j++) {
      double weight = group.weights()[j];
      float x = group.values()[j];
      int q = level(x, inverse);
      wqq += weight * q * q;
      wxq += weight * x * q;
    }
    return wqq > 0 ? new SymmetricFit(wxq / wqq, half) : this;
  }
}
