package dev.skipjack.kernels;

import java.lang.foreign.MemorySegment;

/** A copy of a tensor in another layout that workers make together. Thread-safe. */
public interface Packing {
  /** Bytes of the copy. */
  long byteSize();

  /** Parts that {@link #survey} and {@link #pack} can take one by one. */
  int parts();

  /**
   * Looks at parts {@code [from, to)}; workers look at disjoint ones. All must have been looked at
   * before any is packed.
   *
   * @return false if the copy could not hold the same numbers
   */
  boolean survey(int from, int to);

  /**
   * Writes parts {@code [from, to)}; workers write disjoint parts.
   *
   * @param target of {@link #byteSize()} bytes
   */
  void pack(MemorySegment target, int from, int to);
}
