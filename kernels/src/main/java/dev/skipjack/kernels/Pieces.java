package dev.skipjack.kernels;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.Arrays;

/**
 * Which pieces of something are made. Workers share the making without waiting for each other: each
 * takes the pieces that nobody has claimed, and then makes those once more that are not done yet,
 * which writes the same into them. What was written to a piece before {@link #done} is seen by
 * whoever finds it so.
 */
final class Pieces {
  private static final int STALE = 0;
  private static final int CLAIMED = 1;
  private static final int DONE = 2;
  private static final VarHandle STATES = MethodHandles.arrayElementVarHandle(int[].class);

  private final int[] states;

  Pieces(int count) {
    this.states = new int[count];
  }

  /** Takes a piece that has to be made; false if somebody else did. */
  boolean claim(int piece) {
    return STATES.compareAndSet(states, piece, STALE, CLAIMED);
  }

  void done(int piece) {
    STATES.setRelease(states, piece, DONE);
  }

  boolean isDone(int piece) {
    return (int) STATES.getAcquire(states, piece) == DONE;
  }

  /** Pieces {@code [from, to)} have to be made anew. Nobody may make or read them meanwhile. */
  void forget(int from, int to) {
    Arrays.fill(states, from, to, STALE);
  }

  long byteSize() {
    return (long) Integer.BYTES * states.length;
  }
}
