package dev.skipjack.inference.measure;

import dev.skipjack.inference.LanguageModel;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/**
 * What a workload reads of what it could have read at the time: it and a {@link MemoryStream} in
 * turns, because a machine that is shared is faster in one minute than in the next.
 *
 * @param reads gigabytes (10^9) per second of each round, in order
 * @param stream the best pass before each round, and after the last
 */
public record StreamShare(List<Double> reads, List<Double> stream) {
  /** Long enough to weigh more than what interrupts it, short enough to stay in its minute. */
  private static final int TOKENS = 32;

  private static final int PASSES = 3;

  /**
   * @throws IllegalArgumentException if there is no round, or not one pass more than rounds
   */
  public StreamShare {
    if (reads.isEmpty() || stream.size() != reads.size() + 1) {
      throw new IllegalArgumentException(
          "stream: found %d passes for %d rounds, expected one more, and a round"
              .formatted(stream.size(), reads.size()));
    }
    reads = List.copyOf(reads);
    stream = List.copyOf(stream);
  }

  /**
   * Runs the first tokens of a test and the stream in turns.
   *
   * @param rounds at least 1
   * @throws IllegalArgumentException if the model was loaded with too short a context
   */
  public static StreamShare measure(
      LanguageModel model, ThroughputTest test, MemoryStream stream, int rounds) {
    ThroughputTest part =
        new ThroughputTest(test.phase(), Math.min(test.tokens(), TOKENS), test.depth());
    List<Double> passes = new ArrayList<>();
    ThroughputResult result = part.run(model, rounds, () -> passes.add(stream.best(PASSES)));
    return new StreamShare(
        result.samples().stream().map(rate -> rate * result.bytesPerToken() / 1e9).toList(),
        passes);
  }

  /** Of each round, to the mean of the passes around it. */
  public List<Double> rounds() {
    return IntStream.range(0, reads.size())
        .mapToObj(i -> 2 * reads.get(i) / (stream.get(i) + stream.get(i + 1)))
        .toList();
  }

  /** The median of the rounds. */
  public double median() {
    return Spread.of(rounds()).median();
  }
}
