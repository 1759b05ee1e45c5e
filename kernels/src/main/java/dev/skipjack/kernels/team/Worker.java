package dev.skipjack.kernels.team;

/**
 * One thread's place in a running {@link ThreadTeam} task. All workers run the same task and meet
 * at {@link #barrier()}; between two barriers they write disjoint ranges.
 *
 * <p>A loop is divided among them either evenly, into one range each ({@link #from}, {@link #to}),
 * or into chunks, which whoever is free takes:
 *
 * <pre>{@code
 * worker.distributeRows(rows, step);
 * while (worker.take()) {
 *   multiply(worker.first(), worker.end());
 * }
 * }</pre>
 *
 * Which worker gets which chunk differs from run to run, so results must not depend on it.
 */
public interface Worker {
  /** Rows in the shortest chunk of a matrix. */
  int LEAST_ROWS = 32;

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

  /**
   * Begins a loop over {@code total} items, cut into chunks at multiples of {@code step}, none of
   * them shorter unless there are fewer items. Between two barriers all workers begin the same
   * loops in the same order; there is no need to wait between them.
   */
  void distribute(int total, int step);

  /**
   * Begins a loop like {@link #distribute} over a few items that are long work each, and far apart
   * in memory: every item is a chunk, {@link #first}, so nobody waits for more than one.
   */
  void distributeSingly(int total);

  /**
   * Begins a loop over the rows of a matrix like {@link #distribute}. Chunks have at least {@value
   * #LEAST_ROWS} rows, even if they could be cut anywhere: kernels read several rows side by side,
   * and what they make of the results takes whole vectors.
   */
  default void distributeRows(int rows, int step) {
    distribute(rows, leastRows(step));
  }

  /** Chunks of {@link #distributeRows} begin at multiples of this. */
  static int leastRows(int step) {
    return Math.ceilDiv(LEAST_ROWS, step) * step;
  }

  /** Takes a chunk of the loop begun last; false when none is left. */
  boolean take();

  /** First item of the chunk taken last. */
  int first();

  /** End of the chunk taken last. */
  int end();

  /** Number of the chunk taken last, in the order of items. */
  int chunk();

  /** Chunks of the loop begun last; none is empty. */
  int chunks();

  private int boundary(int worker, int total, int step) {
    long steps = (total + step - 1L) / step;
    return (int) Math.min(total, steps * worker / count() * step);
  }
}
