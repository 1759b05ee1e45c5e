package dev.skipjack.inference.measure;

import java.util.Collections;
import java.util.List;

/**
 * How fast this machine reads memory in order: the bound of generation, which reads every weight
 * for every token.
 *
 * @param bytes read in each pass
 * @param passes gigabytes (10^9) per second of each pass, in order
 */
public record StreamingBandwidth(int threads, long bytes, List<Double> passes) {
  /** Passes of a stream that nothing else is measured beside. */
  public static final int PASSES = 5;

  public StreamingBandwidth {
    passes = List.copyOf(passes);
  }

  /** The best pass: interruptions only ever make one slower. */
  public double gigabytesPerSecond() {
    return Collections.max(passes);
  }

  /**
   * Reads a {@link MemoryStream} several times.
   *
   * @throws OutOfMemoryError if the memory is not to be had
   */
  public static StreamingBandwidth measure(int threads) {
    try (MemoryStream stream = new MemoryStream(threads)) {
      stream.best(PASSES);
      return stream.bandwidth();
    }
  }
}
