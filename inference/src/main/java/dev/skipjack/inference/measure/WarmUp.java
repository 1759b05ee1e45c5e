package dev.skipjack.inference.measure;

import java.time.Duration;
import java.util.function.DoubleSupplier;
import java.util.function.LongSupplier;

/**
 * Runs a workload without counting it until the compilers are done: for a second at least, and on
 * until two successive runs take as long as each other, which is given up after some time.
 */
final class WarmUp {
  private static final Duration SHORTEST = Duration.ofSeconds(1);
  private static final Duration LONGEST = Duration.ofSeconds(20);

  /** Runs that differ by less than this fraction agree. */
  private static final double AGREEMENT = 0.05;

  private WarmUp() {}

  /**
   * Warms up.
   *
   * @param workload runs once and returns the seconds that matter
   * @return how often it ran, at least once
   */
  static int run(DoubleSupplier workload) {
    return run(workload, System::nanoTime);
  }

  static int run(DoubleSupplier workload, LongSupplier clock) {
    long start = clock.getAsLong();
    double before = Double.NaN;
    int runs = 0;
    while (true) {
      double seconds = workload.getAsDouble();
      runs++;
      long elapsed = clock.getAsLong() - start;
      boolean agrees = Math.abs(seconds - before) <= AGREEMENT * seconds;
      if (elapsed >= SHORTEST.toNanos() && agrees || elapsed >= LONGEST.toNanos()) {
        return runs;
      }
      before = seconds;
    }
  }
}
