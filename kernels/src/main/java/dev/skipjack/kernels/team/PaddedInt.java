package dev.skipjack.kernels.team;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/**
 * An int alone on its cache lines, so that threads that spin on it are not disturbed by writes to
 * its neighbours. All accesses are volatile.
 */
final class PaddedInt {
  private static final VarHandle CELL = MethodHandles.arrayElementVarHandle(int[].class);

  /** 128 bytes on either side: processors prefetch lines of 64 bytes in pairs. */
  private static final int INDEX = 32;

  private final int[] cells = new int[2 * INDEX + 1];

  int get() {
    return (int) CELL.getVolatile(cells, INDEX);
  }

  void set(int value) {
    CELL.setVolatile(cells, INDEX, value);
  }

  /** Adds atomically and returns the value before. */
  int getAndAdd(int delta) {
    return (int) CELL.getAndAdd(cells, INDEX, delta);
  }

  boolean compareAndSet(int expected, int value) {
    return CELL.compareAndSet(cells, INDEX, expected, value);
  }
}
