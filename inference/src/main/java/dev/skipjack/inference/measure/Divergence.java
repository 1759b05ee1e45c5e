package dev.skipjack.inference.measure;

import dev.skipjack.inference.LanguageModel;
import dev.skipjack.inference.Session;
import dev.skipjack.inference.measure.TextWindows.Window;
import java.util.List;

/**
 * How far one way of running a model is from another, over the tokens a {@link Perplexity} would
 * score.
 *
 * @param meanKl mean Kullback-Leibler divergence {@code KL(reference || other)}, in nats
 * @param maxKl the largest of any token
 * @param sameTop fraction of tokens at which both find the same token most likely
 * @param referenceNll mean negative log likelihood under the reference
 * @param otherNll the same under the other
 */
public record Divergence(
    double meanKl, double maxKl, double sameTop, double referenceNll, double otherNll, int tokens) {
  /** Perplexity of the other over that of the reference. */
  public double perplexityRatio() {
    return Math.exp(otherNll - referenceNll);
  }

  /**
   * Compares two loadings of one model.
   *
   * @throws IllegalArgumentException if the vocabularies differ or the text is too short
   */
  public static Divergence of(
      LanguageModel reference, LanguageModel other, String text, PerplexityOptions options) {
    int vocabulary = reference.config().vocabularySize();
    if (other.config().vocabularySize() != vocabulary) {
      throw new IllegalArgumentException(
          "vocabulary: found %d and %d tokens, expected the same"
              .formatted(vocabulary, other.config().vocabularySize()));
    }
    List<Window> windows = TextWindows.of(reference.tokenizer(), text, options);
    Accumulator sums = new Accumulator();
    try (Session first = reference.newSession();
        Session second = other.newSession()) {
      for (Window window : windows) {
        sums.add(window, logits(first, window, vocabulary), logits(second, window, vocabulary));
      }
    }
    return sums.result();
  }

  /** Logits before every scored token {@code [scored][vocabulary]}. */
  private static float[][] logits(Session session, Window window, int vocabulary) {
    int silent = window.firstScored() - 1;
    float[][] rows = new float[window.tokens().length - silent][vocabulary];
    session.rewind(0);
    session.evaluate(
        window.tokens(),
        silent,
        (position, logits) -> System.arraycopy(logits, 0, rows[position - silent], 0, vocabulary));
    return rows;
  }

  private static final class Accumulator {
    private double kl;
    private double maxKl;
    private double referenceNll;
    private double otherNll;
    private int same;
    private int tokens;

    void add(Window window, float[][] reference, float[][] other) {
      for (int i = 0; i + 1 < reference.length; i++) {
        int target = window.tokens()[window.firstScored() + i];
        double p = LogProbability.normalizer(reference[i]);
        double q = LogProbability.normalizer(other[i]);
        double divergence = divergence(reference[i], p, other[i], q);
        kl += divergence;
        maxKl = Math.max(maxKl, divergence);
        referenceNll += p - reference[i][target];
        otherNll += q - other[i][target];
        same += argmax(reference[i]) == argmax(other[i]) ? 1 : 0;
        tokens++;
      }
    }

    Divergence result() {
      return new Divergence(
          kl / tokens,
          maxKl,
          (double) same / tokens,
          referenceNll / tokens,
          otherNll / tokens,
          tokens);
    }

    private static double divergence(float[] reference, double p, float[] other, double q) {
      double sum = 0;
      for (int i = 0; i < reference.length; i++) {
        double logP = reference[i] - p;
        sum += Math.exp(logP) * (logP - (other[i] - q));
      }
      return Math.max(0, sum);
    }

    private static int argmax(float[] logits) {
      int best = 0;
      for (int i = 1; i < logits.length; i++) {
        if (logits[i] > logits[best]) {
          best = i;
        }
      }
      return best;
    }
  }
}
