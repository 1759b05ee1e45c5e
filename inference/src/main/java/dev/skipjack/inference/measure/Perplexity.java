package dev.skipjack.inference.measure;

import dev.skipjack.inference.FeedForwardStatistics;
import dev.skipjack.inference.LanguageModel;
import dev.skipjack.inference.Session;
import dev.skipjack.inference.measure.TextWindows.Window;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;

/**
 * How well a model predicts a text.
 *
 * @param nll mean negative log likelihood of a token, in nats
 * @param deviation standard error of {@code nll}
 * @param tokens tokens that counted
 * @param bytes UTF-8 bytes of their text
 */
public record Perplexity(
    double nll, double deviation, int tokens, long bytes, FeedForwardStatistics feedForward) {
  /** Hears of progress. */
  @FunctionalInterface
  public interface Progress {
    /** After {@code done} of {@code total} windows, with the perplexity so far. */
    void window(int done, int total, double perplexity);
  }

  public double perplexity() {
    return Math.exp(nll);
  }

  /** Standard error of the perplexity, by Gaussian error propagation. */
  public double perplexityDeviation() {
    return perplexity() * deviation;
  }

  public double bitsPerByte() {
    return nll * tokens / Math.log(2) / bytes;
  }

  /**
   * Measures a text.
   *
   * @throws IllegalArgumentException if the text is shorter than one window or the window longer
   *     than the model's context
   */
  public static Perplexity of(
      LanguageModel model, String text, PerplexityOptions options, Progress progress) {
    List<Window> windows = TextWindows.of(model.tokenizer(), text, options);
    Sum sum = new Sum();
    long bytes = 0;
    try (Session session = model.newSession()) {
      for (int i = 0; i < windows.size(); i++) {
        Window window = windows.get(i);
        WindowScores.run(
            session,
            window,
            options.oneByOne(),
            (position, logits) ->
                sum.add(-LogProbability.of(logits, window.tokens()[position + 1])));
        int[] scored =
            Arrays.copyOfRange(window.tokens(), window.firstScored(), window.tokens().length);
        bytes += model.tokenizer().decode(scored).getBytes(StandardCharsets.UTF_8).length;
        progress.window(i + 1, windows.size(), Math.exp(sum.mean()));
      }
      return new Perplexity(sum.mean(), sum.error(), sum.count, bytes, session.feedForward());
    }
  }

  /** A running mean and its standard error. */
  private static final class Sum {
    private double total;
    private double squares;
    private int count;

    void add(double value) {
      total += value;
      squares += value * value;
      count++;
    }

    double mean() {
      return total / count;
    }

    double error() {
      double variance = squares / count - mean() * mean();
      return Math.sqrt(Math.max(0, variance) / Math.max(1, count - 1));
    }
  }
}
