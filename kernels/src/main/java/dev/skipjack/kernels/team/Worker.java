package dev.skipjack.kernels.team;

/**
 * One thread's place in a running {@link ThreadTeam} task. All workers run the same task and meet
 * at {@link #barrier()}; between two barriers they write disjoint ranges.
 */
public interface Worker {
  /** {@code 0 .. count() - 1}; worker 0 is the caller's thread. */
  int index();

  int count();

  default boolean isLead() {
    return index() == 0;
  }

  /** Waits until every worker is here; what they wrote before is then visible to all. */
  void barrier();

  /** First item of this worker's share of {@code total} items cut at multiples of {@code step}. */
  default int from(int total, int step) {
    return boundary(index(), total, step);
  }

  /** End of this worker's share. */
  default int to(int total, int step) {
    return boundary(index() + 1, total, step);
  }

  private int boundary(int worker, int total, int step) {
    long steps = (total + step - 1L) / step;
    return (int) Math.min(total, steps * worker / count() * step);
  }
}
