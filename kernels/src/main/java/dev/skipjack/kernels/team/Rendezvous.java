package dev.skipjack.kernels.team;

/**
 * Where the workers of one team meet: at the barriers inside a task, at its end, and in failure.
 *
 * <p>One atomic word counts the workers that have arrived at the current barrier and those that
 * have left the task. Because both counts change in one step, a worker that waits at a barrier
 * which another one will never reach is noticed by whoever comes second, and fails instead of
 * hanging.
 *
 * <p>Memory: every arrival and departure is a volatile read-modify-write of that word, and the last
 * one advances a {@link Signal} the others read, so everything written before a barrier
 * happens-before everything after it, on every worker.
 */
final class Rendezvous {
  private static final int LEFT_ONE = 1 << 16;

  /** Workers that fit the two halves of the word. */
  static final int MAX_WORKERS = LEFT_ONE / 2 - 1;

  private final int workers;
  private final Seat lead;
  private final Signal met;
  private final Signal ended;
  private final PaddedInt arrivedAndLeft = new PaddedInt();
  private final PaddedInt tickets = new PaddedInt();
  private volatile boolean broken;
  private Throwable failure;
  private int endsSeen;

  Rendezvous(Seat[] seats) {
    this.workers = seats.length;
    this.lead = seats[0];
    this.met = new Signal(seats);
    this.ended = new Signal(lead);
  }

  /** A counter that is zero after every barrier and at the beginning of every task. */
  PaddedInt tickets() {
    return tickets;
  }

  /** Prepares the next task; called by the lead while no worker is inside one. */
  void open() {
    arrivedAndLeft.set(0);
    tickets.set(0);
    broken = false;
    endsSeen = ended.count();
  }

  /**
   * Waits at {@code seat} for all workers.
   *
   * @throws TaskAbandoned if another worker has failed
   * @throws IllegalStateException if another worker has left the task
   */
  void meet(Seat seat) {
    // Read before the check: whoever breaks the barrier sets the flag first and advances after.
    int seen = met.count();
    if (broken) {
      throw TaskAbandoned.INSTANCE;
    }
    int before = arrivedAndLeft.getAndAdd(1);
    if (left(before) > 0) {
      throw broken ? TaskAbandoned.INSTANCE : unevenBarriers();
    }
    if (arrived(before) + 1 == workers) {
      arrivedAndLeft.set(0);
      tickets.set(0);
      met.advance();
      return;
    }
    seat.await(met, seen);
    if (broken) {
      throw TaskAbandoned.INSTANCE;
    }
  }

  /** Records a failure and releases everybody who waits at the barrier. */
  void fail(Throwable cause) {
    synchronized (this) {
      if (failure == null) {
        failure = cause;
      } else if (failure != cause) {
        failure.addSuppressed(cause);
      }
    }
    broken = true;
    met.advance();
  }

  /**
   * Ends the task for one worker, which must not touch the task's data any more. Once the last one
   * has left, the next task may open; so whatever this worker has to report, it reports before.
   */
  void leave() {
    int word;
    do {
      word = arrivedAndLeft.get();
      if (arrived(word) > 0 && !broken) {
        fail(unevenBarriers());
      }
    } while (!arrivedAndLeft.compareAndSet(word, word + LEFT_ONE));
    if (left(word) + 1 == workers) {
      ended.advance();
    }
  }

  /**
   * Waits, as the lead, until every worker has left.
   *
   * @throws RuntimeException the first failure of the task, if any, with the others suppressed
   */
  void awaitEnd() {
    lead.await(ended, endsSeen);
    switch (takeFailure()) {
      case null -> {}
      case RuntimeException e -> throw e;
      case Error e -> throw e;
      case Throwable t -> throw new IllegalStateException("a task threw a checked exception", t);
    }
  }

  private synchronized Throwable takeFailure() {
    Throwable first = failure;
    failure = null;
    return first;
  }

  private static int arrived(int word) {
    return word & LEFT_ONE - 1;
  }

  private static int left(int word) {
    return word >>> 16;
  }

  private static IllegalStateException unevenBarriers() {
    return new IllegalStateException(
        "the workers of a task did not all reach the same barriers: every worker must call"
            + " barrier() equally often");
  }
}
