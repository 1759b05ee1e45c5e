package dev.skipjack.kernels;

import java.lang.foreign.MemorySegment;

/**
 * A tensor and a layout in which its single rows are read faster than in its own bytes. The copy
 * holds the same numbers: nothing is quantised again. Thread-safe.
 */
public interface PackedRows {
  /** Bytes of one row of the copy. */
  long rowBytes();

  /** Rows of the tensor, which {@link #pack} can write one by one. */
  int rows();

  /** Bytes of the copy when nothing lies between its rows. */
  default long byteSize() {
    return rows() * rowBytes();
  }

  /** The places of rows that have nothing between them. */
  default RowPlaces places() {
    return new RowPlaces(0, rowBytes(), 0, false);
  }

  /**
   * Writes rows {@code [from, to)}; workers write disjoint ones.
   *
   * @param target zeros, large enough for the places
   */
  void pack(MemorySegment target, RowPlaces places, int from, int to);

  /** The same with nothing between the rows. */
  default void pack(MemorySegment target, int from, int to) {
    pack(target, places(), from, to);
  }

  /** The rows of a finished copy. */
  Rows over(MemorySegment packed, RowPlaces places);

  /** The same with nothing between the rows. */
  default Rows over(MemorySegment packed) {
    return over(packed, places());
  }
}
