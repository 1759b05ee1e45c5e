package dev.skipjack.kernels.team;

/**
 * A counter that workers wait on. What a thread wrote before {@link #advance()} is visible to
 * whoever sees the new count.
 */
final class Signal {
  private final PaddedInt count = new PaddedInt();
  private final Seat[] waiters;

  /** A signal on which only the holders of these seats wait. */
  Signal(Seat... waiters) {
    this.waiters = waiters;
  }

  int count() {
    return count.get();
  }

  void advance() {
    count.getAndAdd(1);
    for (Seat seat : waiters) {
      seat.wake();
    }
  }
}
