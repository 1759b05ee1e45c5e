package dev.skipjack.kernels;

import java.lang.foreign.MemorySegment;

/**
 * A tensor and a layout in which its single rows are read faster than in its own bytes. The copy
 * holds the same numbers: nothing is quantised again. Thread-safe.
 */
public interface PackedRows {
  /** Bytes of the copy. */
  long byteSize();

  /** Rows of the tensor, which {@link #pack} can write one by one. */
  int rows();

  /**
   * Writes rows {@code [from, to)}; workers write disjoint ones.
   *
   * @param target of {@link #byteSize()} bytes, zeros
   */
  void pack(MemorySegment target, int from, int to);

  /** The rows of a finished copy. */
  Rows over(MemorySegment packed);
}
