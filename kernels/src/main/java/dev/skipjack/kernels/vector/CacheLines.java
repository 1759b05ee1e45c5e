package dev.skipjack.kernels.vector;

import static dev.skipjack.kernels.vector.Species.INTS;
import static java.nio.ByteOrder.LITTLE_ENDIAN;

import dev.skipjack.loader.tensor.LittleEndian;
import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.IntVector;

/**
 * Reads memory that will soon be needed. Rows that are far apart start with a miss that no
 * prefetcher foresees, and arithmetic between two of them fills a core before it meets the next;
 * reading something of every line of several rows first lets all those misses wait together. Java
 * has no prefetch, so what is read is combined, and the result must be kept for the loads to stay.
 * Vectors need fewer instructions than words, so more lines fit into the window of a core.
 */
final class CacheLines {
  private static final int LINE = 64;

  /** What prefetchers know as a page. */
  private static final int PAGE = 4096;

  private CacheLines() {}

  /** Depends on every line of {@code bytes} from each of eight places on. */
  static int touch(MemorySegment source, long[] places, long bytes) {
    long whole = bytes - bytes % LINE;
    int last = 0;
    for (int row = 0; whole < bytes && row < places.length; row++) {
      last |= source.get(LittleEndian.INT, places[row] + whole);
    }
    return last
        | touch(
            source, places[0], places[1], places[2], places[3], places[4], places[5], places[6],
            places[7], whole);
  }

  /**
   * Depends on every line of {@code bytes} of {@code left} and of {@code right}. Four pages of each
   * are read side by side, or quarters of what is less.
   *
   * @param bytes a multiple of four lines
   */
  static int touch(
      MemorySegment left, long leftOffset, MemorySegment right, long rightOffset, long bytes) {
    int any = 0;
    for (long done = 0; done < bytes; ) {
      long quarter = Math.min(PAGE, (bytes - done) / 4);
      any |= touchQuarters(left, leftOffset + done, right, rightOffset + done, quarter);
      done += 4 * quarter;
    }
    return any;
  }

  private static int touchQuarters(
      MemorySegment left, long leftOffset, MemorySegment right, long rightOffset, long quarter) {
    IntVector any = IntVector.zero(INTS);
    for (long i = 0; i < quarter; i += LINE) {
      long l = leftOffset + i;
      long r = rightOffset + i;
      any =
          any.or(IntVector.fromMemorySegment(INTS, left, l, LITTLE_ENDIAN))
              .or(IntVector.fromMemorySegment(INTS, left, l + quarter, LITTLE_ENDIAN))
              .or(IntVector.fromMemorySegment(INTS, left, l + 2 * quarter, LITTLE_ENDIAN))
              .or(IntVector.fromMemorySegment(INTS, left, l + 3 * quarter, LITTLE_ENDIAN))
              .or(IntVector.fromMemorySegment(INTS, right, r, LITTLE_ENDIAN))
              .or(IntVector.fromMemorySegment(INTS, right, r + quarter, LITTLE_ENDIAN))
              .or(IntVector.fromMemorySegment(INTS, right, r + 2 * quarter, LITTLE_ENDIAN))
              .or(IntVector.fromMemorySegment(INTS, right, r + 3 * quarter, LITTLE_ENDIAN));
    }
    return any.lane(0);
  }

  /**
   * Line by line of all eight places: so prefetchers, which run ahead of a few places at once, help
   * with all and not with one after the other.
   *
   * @param bytes whole lines
   */
  private static int touch(
      MemorySegment source,
      long p0,
      long p1,
      long p2,
      long p3,
      long p4,
      long p5,
      long p6,
      long p7,
      long bytes) {
    IntVector any = IntVector.zero(INTS);
    for (long i = 0; i < bytes; i += LINE) {
      any =
          any.or(IntVector.fromMemorySegment(INTS, source, p0 + i, LITTLE_ENDIAN))
              .or(IntVector.fromMemorySegment(INTS, source, p1 + i, LITTLE_ENDIAN))
              .or(IntVector.fromMemorySegment(INTS, source, p2 + i, LITTLE_ENDIAN))
              .or(IntVector.fromMemorySegment(INTS, source, p3 + i, LITTLE_ENDIAN))
              .or(IntVector.fromMemorySegment(INTS, source, p4 + i, LITTLE_ENDIAN))
              .or(IntVector.fromMemorySegment(INTS, source, p5 + i, LITTLE_ENDIAN))
              .or(IntVector.fromMemorySegment(INTS, source, p6 + i, LITTLE_ENDIAN))
              .or(IntVector.fromMemorySegment(INTS, source, p7 + i, LITTLE_ENDIAN));
    }
    return any.lane(0);
  }
}
