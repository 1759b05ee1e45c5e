package dev.skipjack.kernels;

import java.lang.foreign.MemorySegment;

/**
 * A tensor and a layout in which its single input channels can be read. The copy holds the same
 * numbers: nothing is quantised again. Thread-safe.
 */
public interface PackedChannels extends Packing {
  /** The channels of a finished copy. */
  Channels over(MemorySegment packed);
}
