package dev.skipjack.inference.measure;

import java.util.List;

/**
 * What a {@link ThroughputTest} measured.
 *
 * @param samples tokens per second of each repetition, in order
 * @param density mean fraction of feed-forward neurons that contributed
 * @param bytesPerToken weight and cache bytes read for a token
 * @param waiting fraction of the threads' time that they waited for each other
 */
public record ThroughputResult(
    ThroughputTest test,
    List<Double> samples,
    double density,
    double bytesPerToken,
    double waiting) {
  /** A standard deviation above this fraction of the mean is noise, not a result. */
  public static final double LARGEST_SPREAD = 0.1;

  public ThroughputResult {
    samples = List.copyOf(samples);
  }

  /** Mean tokens per second. */
  public double mean() {
    return samples.stream().mapToDouble(sample -> sample).average().orElseThrow();
  }

  /** Sample standard deviation of the tokens per second; 0 for a single sample. */
  public double deviation() {
    if (samples.size() < 2) {
      return 0;
    }
    double mean = mean();
    double squares = samples.stream().mapToDouble(s -> (s - mean) * (s - mean)).sum();
    return Math.sqrt(squares / (samples.size() - 1));
  }

  /** Deviation as a fraction of the mean. */
  public double spread() {
    return deviation() / mean();
  }

  /** Whether the samples agree well enough to be called a result. */
  public boolean spreadOk() {
    return spread() <= LARGEST_SPREAD;
  }

  /** Gigabytes (10^9) read per second. */
  public double readRate() {
    return bytesPerToken * mean() / 1e9;
  }
}
