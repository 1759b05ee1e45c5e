package dev.skipjack.kernels.team;

import java.util.concurrent.locks.LockSupport;

/**
 * Where one worker waits: it spins briefly, then parks. Waited on by one thread at a time, woken by
 * any.
 *
 * <p>How long it spins follows success: a wait that ended while spinning doubles the next limit, a
 * wait that had to park halves it. Idle workers and workers that wait for long therefore stop
 * burning a core, and balanced phases are met without a system call.
 */
final class Seat {
  private final int minSpins;
  private final int maxSpins;
  private int spins;

  /** The thread that is parked or about to park; null while nobody is. */
  private volatile Thread parked;

  Seat(int maxSpins) {
    this.minSpins = Math.max(1, maxSpins / 16);
    this.maxSpins = maxSpins;
    this.spins = maxSpins;
  }

  /**
   * Returns once {@code signal} no longer counts {@code seen}. An interrupt is kept, not obeyed.
   */
  void await(Signal signal, int seen) {
    int limit = spins;
    for (int i = 0; i < limit; i++) {
      if (signal.count() != seen) {
        spins = Math.min(maxSpins, 2 * limit);
        return;
      }
      Thread.onSpinWait();
    }
    spins = Math.max(minSpins, limit / 2);
    park(signal, seen);
  }

  /**
   * The waiter announces itself before it looks at the signal once more, and the waker advances the
   * signal before it looks for waiters; both are volatile, so one of them sees the other.
   */
  private void park(Signal signal, int seen) {
    boolean interrupted = false;
    parked = Thread.currentThread();
    while (signal.count() == seen) {
      LockSupport.park(signal);
      // A pending interrupt would turn every further park into a busy loop.
      interrupted |= Thread.interrupted();
    }
    parked = null;
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  void wake() {
    Thread waiter = parked;
    if (waiter != null) {
      LockSupport.unpark(waiter);
    }
  }
}
