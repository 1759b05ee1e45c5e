package dev.skipjack.kernels.team;

/**
 * One worker's view of the loops that are handed out in chunks. All workers draw tickets from one
 * counter, which every barrier sets back to zero. The loops between two barriers share it: the
 * first has tickets {@code [0, n)}, the next {@code [n, n + m)}, so a ticket beyond the end of a
 * loop is kept for the loop that it belongs to.
 */
final class Chunks {
  private static final int NONE = -1;

  /** More than any loop has, since every round hands out three quarters of what is left. */
  private static final int MAX_ROUNDS = 32;

  private final int workers;
  private final PaddedInt tickets;

  /** First item of each round, and how many items a chunk of it has. */
  private final int[] starts = new int[MAX_ROUNDS];

  private final int[] lengths = new int[MAX_ROUNDS];

  private int ticket;
  private int firstTicket;
  private int count;
  private int total;
  private boolean single;
  private int chunk;

  Chunks(int workers, PaddedInt tickets) {
    this.workers = workers;
    this.tickets = tickets;
    reset();
  }

  /** Begins a task or a phase; whoever ends the last one sets the counter to zero. */
  void reset() {
    ticket = NONE;
    firstTicket = 0;
    count = 0;
  }

  /**
   * Begins the next loop of a phase. In every round each worker can have one chunk, and together
   * they are three quarters of the items that are left (factoring: Hummel, Schonberg, Flynn, 1992):
   * most items are read in long runs, and the last chunks are so small that nobody waits long for
   * them. Chunks begin at multiples of a step; what is left beyond the last whole step belongs to
   * the last chunk. A single worker gets everything at once.
   */
  void open(int newTotal, int step) {
    firstTicket += count;
    total = newTotal;
    single = false;
    count = 0;
    int steps = total == 0 ? 0 : Math.max(1, total / step);
    int round = 0;
    for (int done = 0; done < steps; round++) {
      int left = steps - done;
      int share = workers == 1 ? left : (int) Math.ceilDiv(3L * left, 4L * workers);
      starts[round] = done * step;
      lengths[round] = share * step;
      // In the last round there may be fewer than one for each worker.
      count += Math.min(workers, Math.ceilDiv(left, share));
      done = (int) Math.min(steps, done + (long) share * workers);
    }
  }

  /** Begins the next loop of a phase, every item of which is a chunk. */
  void openSingly(int items) {
    firstTicket += count;
    single = true;
    count = items;
  }

  /** Takes a chunk that nobody else gets, if one is left. */
  boolean take() {
    if (ticket == NONE) {
      ticket = tickets.getAndAdd(1);
    }
    chunk = ticket - firstTicket;
    if (chunk >= count) {
      return false;
    }
    ticket = NONE;
    return true;
  }

  /** Chunks of the loop. */
  int count() {
    return count;
  }

  int chunk() {
    return chunk;
  }

  int first() {
    if (single) {
      return chunk;
    }
    int round = chunk / workers;
    return starts[round] + chunk % workers * lengths[round];
  }

  int end() {
    if (single) {
      return chunk + 1;
    }
    return chunk == count - 1 ? total : first() + lengths[chunk / workers];
  }
}
