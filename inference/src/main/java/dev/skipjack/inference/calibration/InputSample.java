package dev.skipjack.inference.calibration;

import dev.skipjack.kernels.Activations;
import java.util.Arrays;

/**
 * Vectors that linear maps have read, {@code [rows x width]}: every n-th token, so that memory
 * stays bounded while every channel is seen equally often. Written by one thread.
 */
final class InputSample {
  /** Most values that are kept. */
  private static final int LIMIT = 1 << 22;

  private final int width;
  private final int stride;
  private final float[] values;
  private int seen;
  private int rows;

  /**
   * @param tokens that will be added in all
   */
  InputSample(int width, int tokens) {
    this.width = width;
    int most = Math.max(1, LIMIT / width);
    this.stride = (tokens + most - 1) / most;
    this.values = new float[(tokens + stride - 1) / stride * width];
  }

  /** Adds tokens. */
  void add(Activations x, int tokens) {
    for (int t = 0; t < tokens; t++) {
      if (seen++ % stride == 0) {
        System.arraycopy(x.values(), t * width, values, rows++ * width, width);
      }
    }
  }

  /** The distribution of {@code x_j}. */
  Quantiles signed() {
    return Quantiles.of(Arrays.copyOf(values, rows * width));
  }

  /** The distribution of {@code |x_j|}. */
  Quantiles magnitudes() {
    float[] ones = new float[width];
    Arrays.fill(ones, 1);
    return scores(ones);
  }

  /** The distribution of {@code |x_j| weights_j}. */
  Quantiles scores(float[] weights) {
    float[] scores = new float[rows * width];
    for (int i = 0; i < scores.length; i++) {
      scores[i] = Math.abs(values[i]) * weights[i % width];
    }
    return Quantiles.of(scores);
  }

  /** The fraction of exact zeros. */
  double zeros() {
    int zeros = 0;
    for (int i = 0; i < rows * width; i++) {
      zeros += values[i] == 0 ? 1 : 0;
    }
    return (double) zeros / (rows * width);
  }
}
