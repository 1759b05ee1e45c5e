package dev.skipjack.kernels.tornado.graph;

import java.util.BitSet;

/** Which conversations use a device's cache. Thread-safe. */
public final class SessionSlots {
  private final String device;
  private final int count;
  private final BitSet taken = new BitSet();

  /**
   * @param device for messages
   * @param count conversations that the cache has room for
   */
  public SessionSlots(String device, int count) {
    this.device = device;
    this.count = count;
  }

  /**
   * Takes a free slot.
   *
   * @throws IllegalStateException if there is none
   */
  synchronized int take() {
    int slot = taken.nextClearBit(0);
    if (slot >= count) {
      throw new IllegalStateException(
          "device %s: found %d conversations in use, expected at most %d, which is what its memory was planned for; close one or load with DeviceOptions.withSessions(%d)"
              .formatted(device, count, count, count + 1));
    }
    taken.set(slot);
    return slot;
  }

  synchronized void release(int slot) {
    taken.clear(slot);
  }
}
