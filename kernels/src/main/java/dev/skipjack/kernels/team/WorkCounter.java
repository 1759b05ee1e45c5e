package dev.skipjack.kernels.team;

/**
 * Hands out the chunks of a phase whose items take unequal time: each worker claims the next chunk
 * when it is done with its last one. Thread-safe.
 *
 * <pre>{@code
 * for (int chunk = counter.claim(); chunk < chunks; chunk = counter.claim()) {
 *   ...
 * }
 * }</pre>
 *
 * <p>Before a phase the lead calls {@link #reset()}, with a barrier between the last claim of the
 * phase before and the reset, and another between the reset and the first claim. Which worker gets
 * which chunk differs from run to run, so results must not depend on it. Claims beyond the last
 * chunk are harmless: one per worker and phase.
 */
public final class WorkCounter {
  private final PaddedInt next = new PaddedInt();

  /** A counter that starts at chunk 0. */
  public WorkCounter() {}

  /** Starts again at chunk 0. */
  public void reset() {
    next.set(0);
  }

  /** Index of a chunk that nobody else gets: {@code 0, 1, 2, ...}. */
  public int claim() {
    return next.getAndAdd(1);
  }
}
