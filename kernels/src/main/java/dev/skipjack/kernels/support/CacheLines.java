package dev.skipjack.kernels.support;

import dev.skipjack.loader.tensor.LittleEndian;
import java.lang.foreign.MemorySegment;

/**
 * Reads memory that will soon be needed. Rows that are far apart start with a miss that no
 * prefetcher foresees, and arithmetic between two of them fills a core before it meets the next;
 * reading one word of every line of several rows first lets all those misses wait together. Java
 * has no prefetch, so the words are summed, and the sum must be kept for the loads to stay.
 */
final class CacheLines {
  private static final int LINE = 64;

  private CacheLines() {}

  /** A sum over the lines of {@code [from, to)}. */
  static int touch(MemorySegment source, long from, long to) {
    int sum = 0;
    for (long at = from; at < to; at += LINE) {
      sum += source.get(LittleEndian.INT, at);
    }
    return sum;
  }
}
