package dev.skipjack.loader.tensor;

/**
 * The values of one quantisation group with the weight of each one's squared error. The weight is
 * the group's root mean square plus the value's own magnitude: large weights of a matrix move its
 * outputs most, and the first term keeps the small ones from being given up. Sums are in double, so
 * that no finite value overflows.
 */
record WeightedGroup(float[] values, double[] weights) {
  static WeightedGroup of(float[] source, int at, int length) {
    double sumOfSquares = 0;
    for (int j = 0; j < length; j++) {
      sumOfSquares += (double) source[at + j] * source[at + j];
    }
    double rootMeanSquare = Math.sqrt(sumOfSquares / length);
    float[] values = new float[length];
    double[] weights = new double[length];
    for (int j = 0; j < length; j++) {
      values[j] = source[at + j];
      weights[j] = rootMeanSquare + Math.abs(values[j]);
    }
    return new WeightedGroup(values, weights);
  }

  int length() {
    return values.length;
  }

  float minimum() {
    float minimum = values[0];
    for (float value : values) {
      minimum = Math.min(minimum, value);
    }
    return minimum;
  }

  float maximum() {
    float maximum = values[0];
    for (float value : values) {
      maximum = Math.max(maximum, value);
    }
    return maximum;
  }

  /** The signed value of largest magnitude. */
  float extreme() {
    float extreme = 0;
    for (float value : values) {
      extreme = Math.abs(value) > Math.abs(extreme) ? value : extreme;
    }
    return extreme;
  }
}
