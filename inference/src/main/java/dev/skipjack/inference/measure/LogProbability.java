package dev.skipjack.inference.measure;

/** Logarithms of probabilities from logits, in double precision. */
final class LogProbability {
  private LogProbability() {}

  /** {@code ln softmax(logits)[token]}. */
  static double of(float[] logits, int token) {
    return logits[token] - normalizer(logits);
  }

  /** {@code ln sum exp(logits)}. */
  static double normalizer(float[] logits) {
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
