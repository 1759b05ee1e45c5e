package dev.skipjack.inference.measure;

import dev.skipjack.inference.FeedForwardStatistics;
import dev.skipjack.inference.LanguageModel;
import dev.skipjack.inference.Session;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/**
 * A workload as llama-bench defines it: tokens that follow {@code depth} earlier ones, as a prompt
 * in large batches or one by one as if generated. Tokens are random, so neither tokenisation nor
 * sampling takes part; every token is computed up to its logits when generating, and the last one
 * of a prompt.
 *
 * @param tokens at least 1
 * @param depth tokens in the cache before the clock starts
 */
public record ThroughputTest(Phase phase, int tokens, int depth) {
  private static final long SEED = 20;

  /** How the tokens are fed. */
  public enum Phase {
    /** In batches as large as a session takes. */
    PROMPT,
    /** One at a time. */
    GENERATION
  }

  /**
   * @throws IllegalArgumentException if a number is out of range
   */
  public ThroughputTest {
    if (tokens < 1) {
      throw new IllegalArgumentException("tokens: found %d, expected 1 or more".formatted(tokens));
    }
    if (depth < 0) {
      throw new IllegalArgumentException("depth: found %d, expected 0 or more".formatted(depth));
    }
  }

  /** As llama-bench writes it: {@code pp512}, {@code tg128 @ d4096}. */
  public String name() {
    String phaseName = phase == Phase.PROMPT ? "pp" : "tg";
    return phaseName + tokens + (depth == 0 ? "" : " @ d" + depth);
  }

  /** Positions a session needs for it. */
  public int contextLength() {
    return Math.addExact(tokens, depth);
  }

  /**
   * Runs the workload on a fresh session: without the clock until the compilers have seen it, then
   * {@code repetitions} times.
   *
   * @param repetitions at least 1
   * @throws IllegalArgumentException if the model was loaded with too short a context
   */
  public ThroughputResult run(LanguageModel model, int repetitions) {
    return run(model, repetitions, () -> {});
  }

  /**
   * Runs the workload with something between its repetitions.
   *
   * @param between called before each of them and after the last
   */
  ThroughputResult run(LanguageModel model, int repetitions, Runnable between) {
    if (repetitions < 1) {
      throw new IllegalArgumentException(
          "repetitions: found %d, expected 1 or more".formatted(repetitions));
    }
    try (Session session = model.newSession()) {
      SplittableRandom random = new SplittableRandom(SEED);
      int vocabulary = model.config().vocabularySize();
      int[] history = random.ints(depth, 0, vocabulary).toArray();
      int[] work = random.ints(tokens, 0, vocabulary).toArray();
      if (depth > 0) {
        session.evaluate(history);
      }
      FeedForwardStatistics before = session.feedForward();
      long skippedBefore = GenerationTrial.skippedOfAttention(session);
      long fed = depth + (long) tokens * WarmUp.run(() -> time(session, work));
      List<Double> samples = new ArrayList<>();
      double seconds = 0;
      model.timeWaits(true);
      for (int i = 0; i < repetitions; i++) {
        between.run();
        double taken = time(session, work);
        samples.add(tokens / taken);
        seconds += taken;
        fed += tokens;
      }
      between.run();
      double waited = model.waitedNanos() / 1e9;
      model.timeWaits(false);
      FeedForwardStatistics after = session.feedForward();
      double feedForwardBytes = (double) (after.bytesRead() - before.bytesRead()) / (fed - depth);
      double skipped =
          (double) (GenerationTrial.skippedOfAttention(session) - skippedBefore) / (fed - depth);
      return new ThroughputResult(
          this,
          samples,
          since(depth, before.density(), fed, after.density()),
          WeightTraffic.of(model).perToken(this) - skipped + feedForwardBytes,
          waited / (seconds * model.threads()));
    }
  }

  /** Feeds the work after the history and returns the seconds it took. */
  private double time(Session session, int[] work) {
    session.rewind(depth);
    long start = System.nanoTime();
    switch (phase) {
      case PROMPT -> session.evaluate(work);
      case GENERATION -> {
        for (int token : work) {
          session.evaluate(token);
        }
      }
    }
    return (System.nanoTime() - start) / 1e9;
  }

  /** The mean density of later tokens, from the means of the earlier ones and of all. */
  private static double since(
      long earlier, double densityOfEarlier, long all, double densityOfAll) {
    return (all * densityOfAll - earlier * densityOfEarlier) / (all - earlier);
  }
}
