package dev.skipjack.inference.attention;

import java.util.function.LongSupplier;

/**
 * Whether one worker reads tiles of the cache ahead of the products that multiply them as they lie
 * in memory. Reading alone fills the window of a core with misses that wait together, where
 * arithmetic leaves room for few; but where prefetchers keep up with the products, everything is
 * only read twice. Which of these a processor does cannot be asked, so it is measured: of a period
 * of spans the first {@value #TRIALS} try both in turns, and the others do what took less time for
 * a tile at best. Before that everything is read ahead for a while, for the compilers to meet it.
 * Results are the same either way.
 *
 * <p>For one thread.
 */
final class ReadAhead {
  /** Spans before the first period: with several tiles each they are enough to be compiled for. */
  static final int WARM_UP = 64;

  /** Spans of the first period, which ends soon: what is being compiled is still slow. */
  static final int FIRST_PERIOD = 32;

  /** Spans of the longest; each has twice as many as the one before. */
  static final int LONGEST_PERIOD = 1024;

  /** Spans of a period that are measured. */
  static final int TRIALS = 16;

  /** Tiles from which on a span tells more of memory than of its beginning. */
  static final int FEWEST_TILES = 4;

  private final LongSupplier clock;
  private int period = FIRST_PERIOD;
  private int span = -WARM_UP;
  private int tiles;
  private boolean ahead;
  private long start;
  private double withReading;
  private double without;

  /**
   * @param clock nanoseconds
   */
  ReadAhead(LongSupplier clock) {
    this.clock = clock;
  }

  /**
   * Before a span of so many whole tiles.
   *
   * @return whether they are to be read ahead
   */
  boolean begin(int wholeTiles) {
    tiles = wholeTiles;
    if (tiles < FEWEST_TILES) {
      return false;
    }
    if (span == 0) {
      withReading = Double.POSITIVE_INFINITY;
      without = Double.POSITIVE_INFINITY;
    }
    if (span < 0) {
      ahead = true;
    } else if (span < TRIALS) {
      ahead = span % 2 == 1;
      start = clock.getAsLong();
    } else if (span == TRIALS) {
      ahead = withReading < without;
    }
    return ahead;
  }

  /** After the span. */
  void end() {
    if (tiles < FEWEST_TILES) {
      return;
    }
    if (span >= 0 && span < TRIALS) {
      double each = (double) (clock.getAsLong() - start) / tiles;
      if (ahead) {
        withReading = Math.min(withReading, each);
      } else {
        without = Math.min(without, each);
      }
    }
    span++;
    if (span == period) {
      span = 0;
      period = Math.min(2 * period, LONGEST_PERIOD);
    }
  }
}
