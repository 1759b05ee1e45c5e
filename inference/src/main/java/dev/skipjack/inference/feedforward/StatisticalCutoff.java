package dev.skipjack.inference.feedforward;

/**
 * The statistical top-k of Spark Transformer (arXiv 2506.06644) and Gemma 3n: {@code relu(x - (mean
 * + deviations std))}, with the standard deviation over {@code count - 1}. Stateless.
 */
final class StatisticalCutoff {
  private StatisticalCutoff() {}

  /** The mean of a range plus so many of its standard deviations. */
  static float of(float[] x, int offset, int count, float deviations) {
    double sum = 0;
    for (int i = offset; i < offset + count; i++) {
      sum += x[i];
    }
    double mean = sum / count;
    double squares = 0;
    for (int i = offset; i < offset + count; i++) {
      squares += (x[i] - mean) * (x[i] - mean);
    }
    return (float) (mean + deviations * Math.sqrt(squares / (count - 1)));
  }

  /** {@code out = relu(x - cutoff)}; {@code out} may be {@code x}. */
  static void apply(float cutoff, float[] x, int xOffset, float[] out, int outOffset, int count) {
    for (int i = 0; i < count; i++) {
      out[outOffset + i] = Math.max(0, x[xOffset + i] - cutoff);
    }
  }
}
