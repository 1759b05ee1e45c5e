package dev.skipjack.inference.reference;

import java.util.Arrays;

/** The formulas of a decoder, in double precision. */
final class PlainMath {
  static final double EPSILON = 1e-5f;

  private PlainMath() {}

  /** {@code W x}. */
  static double[] multiply(double[][] w, double[] x) {
    return multiply(w, 0, w.length, x);
  }

  /** Rows {@code [from, to)} of {@code W x}. */
  static double[] multiply(double[][] w, int from, int to, double[] x) {
    double[] y = new double[to - from];
    for (int r = from; r < to; r++) {
      for (int c = 0; c < x.length; c++) {
        y[r - from] += w[r][c] * x[c];
      }
    }
    return y;
  }

  static double dot(double[] x, int xFrom, double[] y, int yFrom, int count) {
    double sum = 0;
    for (int i = 0; i < count; i++) {
      sum += x[xFrom + i] * y[yFrom + i];
    }
    return sum;
  }

  /** {@code x / sqrt(mean(x^2) + epsilon) * weight}. */
  static double[] rmsNorm(double[] x, double[][] weight) {
    double scale = 1 / Math.sqrt(dot(x, 0, x, 0, x.length) / x.length + EPSILON);
    double[] y = new double[x.length];
    Arrays.setAll(y, i -> x[i] * scale * weight[0][i]);
    return y;
  }

  /** {@code (x - mean) / sqrt(variance + epsilon) * weight + bias}. */
  static double[] layerNorm(double[] x, double[][] weight, double[][] bias) {
    double mean = Arrays.stream(x).average().orElseThrow();
    double variance = Arrays.stream(x).map(v -> (v - mean) * (v - mean)).average().orElseThrow();
    double[] y = new double[x.length];
    Arrays.setAll(
        y, i -> (x[i] - mean) / Math.sqrt(variance + EPSILON) * weight[0][i] + bias[0][i]);
    return y;
  }

  /** {@code a W}. */
  static double[][] scaled(double[][] w, double a) {
    return Arrays.stream(w)
        .map(row -> Arrays.stream(row).map(value -> a * value).toArray())
        .toArray(double[][]::new);
  }

  /** {@code y += a x}. */
  static void add(double a, double[] x, double[] y) {
    for (int i = 0; i < x.length; i++) {
      y[i] += a * x[i];
    }
  }

  static double[] softmax(double[] x) {
    double largest = Arrays.stream(x).max().orElseThrow();
    double[] y = Arrays.stream(x).map(value -> Math.exp(value - largest)).toArray();
    double sum = Arrays.stream(y).sum();
    return Arrays.stream(y).map(value -> value / sum).toArray();
  }

  static double silu(double x) {
    return x / (1 + Math.exp(-x));
  }

  /** {@code x} times the normal distribution, its integral by the error function's power series. */
  static double gelu(double x) {
    double z = x / Math.sqrt(2);
    double power = z;
    double sum = 0;
    for (int n = 0; n < 200; n++) {
      sum += power / (2 * n + 1);
      power *= -z * z / (n + 1);
    }
    return x / 2 * (1 + 2 / Math.sqrt(Math.PI) * sum);
  }

  /** The approximation of {@link #gelu} that Gemma was trained with. */
  static double tanhGelu(double x) {
    return x / 2 * (1 + Math.tanh(Math.sqrt(2 / Math.PI) * (x + 0.044715 * x * x * x)));
  }

  static double relu(double x) {
    return Math.max(0, x);
  }

  /** Turns the pairs {@code (x[at + 2 i], x[at + 2 i + 1])} by {@code position frequency[i]}. */
  static void rotateNeighbours(double[] x, int at, int position, double[] frequencies) {
    for (int i = 0; i < frequencies.length; i++) {
      rotate(x, at + 2 * i, at + 2 * i + 1, position * frequencies[i]);
    }
  }

  /** Turns the pairs {@code (x[at + i], x[at + n + i])} of {@code n} frequencies. */
  static void rotateHalves(double[] x, int at, int position, double[] frequencies) {
    for (int i = 0; i < frequencies.length; i++) {
      rotate(x, at + i, at + frequencies.length + i, position * frequencies[i]);
    }
  }

  private static void rotate(double[] x, int i, int j, double angle) {
    double a = x[i];
    double b = x[j];
    x[i] = a * Math.cos(angle) - b * Math.sin(angle);
    x[j] = a * Math.sin(angle) + b * Math.cos(angle);
  }

  /** {@code base^(-2 i / dimensions)}. */
  static double[] frequencies(double base, int dimensions) {
    double[] frequencies = new double[dimensions / 2];
    Arrays.setAll(frequencies, i -> Math.pow(base, -2.0 * i / dimensions));
    return frequencies;
  }

  /**
   * YaRN: pairs that turn often within the original context keep their frequency, others divide it
   * (arXiv 2309.00071).
   */
  static double[] yarn(double base, int dimensions, double factor, int originalContext) {
    double low = Math.max(0, Math.floor(pairThatTurns(32, base, dimensions, originalContext)));
    double high =
        Math.min(dimensions - 1, Math.ceil(pairThatTurns(1, base, dimensions, originalContext)));
    double[] frequencies = frequencies(base, dimensions);
    for (int i = 0; i < frequencies.length; i++) {
      double kept = 1 - Math.clamp((i - low) / (high - low), 0, 1);
      frequencies[i] = frequencies[i] / factor * (1 - kept) + frequencies[i] * kept;
    }
    return frequencies;
  }

  private static double pairThatTurns(int times, double base, int dimensions, int context) {
    return dimensions * Math.log(context / (2 * Math.PI * times)) / (2 * Math.log(base));
  }
}
