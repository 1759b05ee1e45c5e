package dev.skipjack.inference.measure;

import dev.skipjack.inference.FeedForwardStatistics;
import dev.skipjack.inference.LanguageModel;
import dev.skipjack.inference.Session;
import dev.skipjack.inference.measure.ThroughputTest.Phase;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * What a model reads and how fast it is when it generates a given text: the first half is read as a
 * prompt, then every token is fed by itself as if it had been sampled. Random tokens, which {@link
 * ThroughputTest} takes, activate other neurons than text does.
 *
 * @param samples tokens per second of each repetition, in order
 * @param density mean fraction of neurons that contributed
 * @param inputDensity fraction of the inputs of all linear maps that were kept
 * @param feedForwardBytes weights of the feed-forward networks read for a token, predictors and
 *     low-rank parts included
 * @param denseFeedForwardBytes what dense computation would have read
 * @param attentionBytes weights of the attention branches read for a token
 * @param denseAttentionBytes what dense computation would have read
 * @param bytesPerToken all weights and the cache
 */
public record GenerationTrial(
    List<Double> samples,
    double density,
    double inputDensity,
    double feedForwardBytes,
    double denseFeedForwardBytes,
    double attentionBytes,
    double denseAttentionBytes,
    double bytesPerToken) {
  public GenerationTrial {
    samples = List.copyOf(samples);
  }

  /** Mean tokens per second. */
  public double speed() {
    return samples.stream().mapToDouble(sample -> sample).average().orElseThrow();
  }

  /** Largest less smallest sample, over the mean. */
  public double spread() {
    double[] sorted = samples.stream().mapToDouble(sample -> sample).sorted().toArray();
    return (sorted[sorted.length - 1] - sorted[0]) / speed();
  }

  /** Fraction of the layers' linear weights that were not read; negative if more were. */
  public double modelSparsity() {
    return 1 - (feedForwardBytes + attentionBytes) / (denseFeedForwardBytes + denseAttentionBytes);
  }

  /** Both with the samples of both, in order; everything else was the same. */
  public GenerationTrial plusSamplesOf(GenerationTrial other) {
    List<Double> all = new ArrayList<>(samples);
    all.addAll(other.samples);
    return new GenerationTrial(
        all,
        density,
        inputDensity,
        feedForwardBytes,
        denseFeedForwardBytes,
        attentionBytes,
        denseAttentionBytes,
        bytesPerToken);
  }

  /**
   * Runs tokens through a fresh session, first without the clock until the compilers have seen
   * them.
   *
   * @param tokens at least 4, at most the model's context
   * @param repetitions at least 1
   */
  public static GenerationTrial run(LanguageModel model, int[] tokens, int repetitions) {
    int depth = tokens.length / 2;
    int[] prompt = Arrays.copyOf(tokens, depth);
    int[] work = Arrays.copyOfRange(tokens, depth, tokens.length);
    List<Double> samples = new ArrayList<>();
    try (Session session = model.newSession()) {
      WarmUp.run(() -> time(session, prompt, work));
      for (int i = 0; i < repetitions; i++) {
        samples.add(work.length / time(session, prompt, work));
      }
    }
    return count(model, prompt, work, samples);
  }

  /** Seconds for the work alone. */
  private static double time(Session session, int[] prompt, int[] work) {
    session.rewind(0);
    session.evaluate(prompt);
    long start = System.nanoTime();
    feed(session, work);
    return (System.nanoTime() - start) / 1e9;
  }

  private static void feed(Session session, int[] work) {
    for (int token : work) {
      session.evaluate(token);
    }
  }

  /** Once more from an empty session, whose counters tell prompt and work apart. */
  private static GenerationTrial count(
      LanguageModel model, int[] prompt, int[] work, List<Double> samples) {
    try (Session session = model.newSession()) {
      session.evaluate(prompt);
      FeedForwardStatistics before = session.feedForward();
      long skippedBefore = skippedOfAttention(session);
      feed(session, work);
      FeedForwardStatistics after = session.feedForward();
      double skipped = (double) (skippedOfAttention(session) - skippedBefore) / work.length;
      int all = prompt.length + work.length;
      double feedForward = (double) (after.bytesRead() - before.bytesRead()) / work.length;
      WeightTraffic traffic = WeightTraffic.of(model);
      ThroughputTest test = new ThroughputTest(Phase.GENERATION, work.length, prompt.length);
      return new GenerationTrial(
          samples,
          (all * after.density() - prompt.length * before.density()) / work.length,
          after.inputDensity(),
          feedForward,
          (double) (after.bytesTotal() - before.bytesTotal()) / work.length,
          traffic.attention() - skipped,
          traffic.attention(),
          traffic.perToken(test) - skipped + feedForward);
    }
  }

  /** Bytes of attention weights that were not read because inputs were left out. */
  static long skippedOfAttention(Session session) {
    return session
        .inputs()
        .map(inputs -> inputs.attentionBytesTotal() - inputs.attentionBytesRead())
        .orElse(0L);
  }
}
