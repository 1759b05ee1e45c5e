package dev.skipjack.bench.roofline;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.DoubleStream;

/**
 * A logarithmic axis.
 *
 * @param low value at its start, a power of ten
 * @param high value at its end, a power of ten
 * @param start coordinate of the start in pixels
 * @param end coordinate of the end, which may be the smaller one
 */
record LogAxis(double low, double high, double start, double end) {
  /** Around all values, which are positive, from a power of ten to a power of ten. */
  static LogAxis around(DoubleStream values, double start, double end) {
    var range = values.summaryStatistics();
    if (!(range.getMin() > 0) || !Double.isFinite(range.getMax())) {
      throw new IllegalArgumentException(
          "a logarithmic axis: found %s to %s, expected positive numbers"
              .formatted(range.getMin(), range.getMax()));
    }
    double low = Math.floor(Math.log10(range.getMin()));
    double high = Math.max(low + 1, Math.ceil(Math.log10(range.getMax())));
    return new LogAxis(Math.pow(10, low), Math.pow(10, high), start, end);
  }

  /** The coordinate of a value. */
  double at(double value) {
    double part = Math.log10(value / low) / Math.log10(high / low);
    return start + part * (end - start);
  }

  /** Powers of ten from start to end. */
  List<Double> ticks() {
    List<Double> ticks = new ArrayList<>();
    for (double exponent = Math.log10(low); exponent <= Math.log10(high) + 0.5; exponent++) {
      ticks.add(Math.pow(10, Math.round(exponent)));
    }
    return ticks;
  }
}
