package dev.skipjack.loader.tensor;

/** Distances between values and what is left of them after a round trip. */
final class Errors {
  private Errors() {}

  static double sumOfSquares(float[] expected, float[] actual) {
    double sum = 0;
    for (int i = 0; i < expected.length; i++) {
      double difference = (double) expected[i] - actual[i];
      sum += difference * difference;
    }
    return sum;
  }

  /** Root mean square error over the root mean square of the expected values. */
  static double relative(float[] expected, float[] actual) {
    double norm = sumOfSquares(expected, new float[expected.length]);
    return Math.sqrt(sumOfSquares(expected, actual) / norm);
  }

  static double largest(float[] expected, float[] actual) {
    double largest = 0;
    for (int i = 0; i < expected.length; i++) {
      double difference = Math.abs((double) expected[i] - actual[i]);
      largest = Double.isNaN(difference) ? Double.NaN : Math.max(largest, difference);
    }
    return largest;
  }

  static double largestMagnitude(float[] values) {
    return largest(values, new float[values.length]);
  }
}
