package dev.skipjack.kernels;

import java.lang.foreign.MemorySegment;

/**
 * A tensor and a layout in which it multiplies faster than in its own bytes. The copy holds the
 * same numbers: nothing is quantised again. Its parts are some rows each, in their order.
 * Thread-safe.
 */
public interface PackedTensor extends Packing {
  /** The matrix over a finished copy. */
  Matrix matrix(MemorySegment packed);
}
