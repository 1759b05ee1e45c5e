package dev.skipjack.inference.measure;

/** Logarithms of probabilities from logits, in double precision. */
public final class LogProbability {
  private LogProbability() {}

  /** {@code ln softmax(logits)[token]}. */
  public static double of(float[] logits, int token) {
    return logits[token] - normalizer(logits);
  }

  /** {@code ln sum exp(logits)}. */
  public static double normalizer(float[] logits) {
    float largest = Float.NEGATIVE_INFINITY;
    for (float logit : logits) {
      largest = Math.max(largest, logit);
    }
    double sum = 0;
    for (float logit : logits) {
      sum += Math.exp(logit - largest);
    }
    return largest + Math.log(sum);
  }
}
