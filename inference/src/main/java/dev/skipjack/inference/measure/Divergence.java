package dev.skipjack.inference.measure;

import dev.skipjack.inference.FeedForwardStatistics;
import dev.skipjack.inference.LanguageModel;
import dev.skipjack.inference.Session;
import dev.skipjack.inference.measure.TextWindows.Window;
import java.util.Arrays;
import java.util.List;

/**
 * How far one way of running a model is from another, over the tokens a {@link Perplexity} would
 * score: what llama.cpp reports with {@code --kl-divergence}.
 *
 * @param kl Kullback-Leibler divergence {@code KL(reference || other)} of each token's
 *     distribution, in nats
 * @param probability by how much the other finds the token that follows more likely than the
 *     reference does, {@code -1} to {@code 1} (llama.cpp's delta p)
 * @param sameTop fraction of tokens at which both find the same token most likely
 * @param referenceNll mean negative log likelihood under the reference
 * @param logRatio of each token: its negative log likelihood under the other less that under the
 *     reference
 * @param tokens that were scored
 * @param feedForward what the other computed
 */
public record Divergence(
    Spread kl,
    Spread probability,
    double sameTop,
    double referenceNll,
    Spread logRatio,
    int tokens,
    FeedForwardStatistics feedForward) {
  /** Mean negative log likelihood under the other. */
  public double otherNll() {
    return referenceNll + logRatio.mean();
  }

  /** Perplexity of the reference. */
  public double referencePerplexity() {
    return Math.exp(referenceNll);
  }

  /** Perplexity of the other. */
  public double otherPerplexity() {
    return Math.exp(otherNll());
  }

  /** Perplexity of the other over that of the reference. */
  public double perplexityRatio() {
    return Math.exp(logRatio.mean());
  }

  /** Standard error of the ratio, by Gaussian error propagation. */
  public double perplexityRatioError() {
    return perplexityRatio() * logRatio.error();
  }

  /** Standard error of {@link #sameTop}. */
  public double sameTopError() {
    return Math.sqrt(sameTop * (1 - sameTop) / Math.max(1, tokens - 1));
  }

  /**
   * Compares two loadings of one model.
   *
   * @param progress hears of windows with the other's perplexity so far
   * @throws IllegalArgumentException if the vocabularies differ or the text is too short
   */
  public static Divergence of(
      LanguageModel reference,
      LanguageModel other,
      String text,
      PerplexityOptions options,
      Perplexity.Progress progress) {
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
      for (int i = 0; i < windows.size(); i++) {
        Window window = windows.get(i);
        int from = window.firstScored() - 1;
        float[][] rows = new float[window.tokens().length - window.firstScored()][];
        // The reference is the same however it is fed, and batches are faster.
        WindowScores.run(
            first, window, false, (position, logits) -> rows[position - from] = logits.clone());
        WindowScores.run(
            second,
            window,
            options.oneByOne(),
            (position, logits) ->
                sums.add(window.tokens()[position + 1], rows[position - from], logits));
        progress.window(i + 1, windows.size(), sums.otherPerplexity());
      }
      return sums.result(second.feedForward());
    }
  }

  private static final class Accumulator {
    private final Numbers kl = new Numbers();
    private final Numbers probability = new Numbers();
    private final Numbers logRatio = new Numbers();
    private double referenceNll;
    private double otherNll;
    private int same;

    void add(int target, float[] reference, float[] other) {
      double p = LogProbability.normalizer(reference);
      double q = LogProbability.normalizer(other);
      double logP = reference[target] - p;
      double logQ = other[target] - q;
      kl.add(divergence(reference, p, other, q));
      probability.add(Math.exp(logQ) - Math.exp(logP));
      logRatio.add(logP - logQ);
      referenceNll -= logP;
      otherNll -= logQ;
      same += argmax(reference) == argmax(other) ? 1 : 0;
    }

    double otherPerplexity() {
      return Math.exp(otherNll / kl.count);
    }

    Divergence result(FeedForwardStatistics feedForward) {
      return new Divergence(
          kl.spread(),
          probability.spread(),
          (double) same / kl.count,
          referenceNll / kl.count,
          logRatio.spread(),
          kl.count,
          feedForward);
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

  /** A growing list. */
  private static final class Numbers {
    private double[] values = new double[256];
    private int count;

    void add(double value) {
      if (count == values.length) {
        values = Arrays.copyOf(values, 2 * count);
      }
      values[count++] = value;
    }

    Spread spread() {
      return Spread.of(Arrays.copyOf(values, count));
    }
  }
}
