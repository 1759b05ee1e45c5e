package dev.skipjack.loader.tensor;

/**
 * A map {@code y = scale * level - offset} of levels {@code 0 ... highest}, with {@code scale} and
 * {@code offset} not negative, and the search for the one of least weighted squared error.
 *
 * <p>For fixed levels the best scale and offset solve a linear least-squares problem in two
 * unknowns, and for a fixed map the best levels are the nearest ones. The search alternates the two
 * from a row of starting scales around the one that spans the values exactly, because the
 * alternation only finds the nearest local minimum.
 */
record AffineFit(double scale, double offset, int highest) {
  private static final int STARTS = 5;
  private static final double START_STEP = 0.4;
  private static final int ALTERNATIONS = 2;

  static AffineFit search(WeightedGroup group, int highest) {
    double minimum = Math.min(0, group.minimum());
    double range = group.maximum() - minimum;
    AffineFit best = new AffineFit(range / highest, -minimum, highest);
    double leastError = best.error(group);
    if (!(range > 0)) {
      return best;
    }
    for (int start = -STARTS; start <= STARTS; start++) {
      AffineFit fit = new AffineFit(range / (highest + START_STEP * start), -minimum, highest);
      for (int i = 0; i < ALTERNATIONS; i++) {
        fit = fit.refit(group);
        double error = fit.error(group);
        if (error < leastError) {
          best = fit;
          leastError = error;
        }
      }
    }
    return best;
  }

  /** The level nearest to a value. */
  int level(float value) {
    return level(value, inverse());
  }

  private int level(float value, double inverse) {
    return Math.clamp((int) ((value + offset) * inverse + 0.5), 0, highest);
  }

  private double inverse() {
    return scale > 0 ? 1 / scale : 0;
  }

  /** The weighted squared error over a group. */
  double error(WeightedGroup group) {
    double inverse = inverse();
    double error = 0;
    for (int j = 0; j < group.length(); j++) {
      float value = group.values()[j];
      double difference = scale * level(value, inverse) - offset - value;
      error += group.weights()[j] * difference * difference;
    }
    return error;
  }

  /** The map of this scale with the best offset for the levels that this one gives. */
  AffineFit refitOffset(WeightedGroup group) {
    double w = 0;
    double wd = 0;
    double inverse = inverse();
    for (int j = 0; j < group.length(); j++) {
      double weight = group.weights()[j];
      float x = group.values()[j];
      w += weight;
      wd += weight * (scale * level(x, inverse) - x);
    }
    return w > 0 ? new AffineFit(scale, Math.max(0, wd / w), highest) : this;
  }

  /** The best map for the levels that this one gives. */
  private AffineFit refit(WeightedGroup group) {
    double w = 0;
    double wq = 0;
    double wqq = 0;
    double wx = 0;
    double wxq = 0;
    double inverse = inverse();
    for (int j = 0; j < group.length(); j++) {
      double weight = group.weights()[j];
      float x = group.values()[j];
      int q = level(x, inverse);
      w += weight;
      wq += weight * q;
      wqq += weight * q * q;
      wx += weight * x;
      wxq += weight * x * q;
    }
    double determinant = w * wqq - wq * wq;
    if (!(determinant > 0)) {
      return this;
    }
    double bestOffset = (wq * wxq - wqq * wx) / determinant;
    return bestOffset >= 0
        ? new AffineFit((w * wxq - wq * wx) / determinant, bestOffset, highest)
        : new AffineFit(Math.max(0, wxq / wqq), 0, highest);
  }
}
