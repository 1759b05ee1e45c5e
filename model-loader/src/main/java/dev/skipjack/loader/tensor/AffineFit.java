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
  private static final int STARTS = 10;
  private static final double START_STEP = 0.1;
  private static final int ALTERNATIONS = 3;

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
    return scale > 0 ? (int) Math.clamp((value + offset) / scale + 0.5, 0, highest) : 0;
  }

  /** The weighted squared error over a group. */
  double error(WeightedGroup group) {
    double error = 0;
    for (int j = 0; j < group.length(); j++) {
      float value = group.values()[j];
      double difference = scale * level(value) - offset - value;
      error += group.weights()[j] * difference * difference;
    }
    return error;
  }

  /** The best map for the levels that this one gives. */
  private AffineFit refit(WeightedGroup group) {
    double w = 0;
    double wq = 0;
    double wqq = 0;
    double wx = 0;
    double wxq = 0;
    for (int j = 0; j < group.length(); j++) {
      double weight = group.weights()[j];
      float x = group.values()[j];
      int q = level(x);
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
