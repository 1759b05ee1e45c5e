package dev.skipjack.inference.feedforward;

import dev.skipjack.inference.layer.ActiveSet;
import dev.skipjack.inference.layer.SelectionSpace.Needs;
import dev.skipjack.inference.layer.Stage;
import dev.skipjack.inference.layer.Workspace;
import dev.skipjack.kernels.team.Worker;

/**
 * Decides which neurons of one layer count. It may narrow them before any weight is read ({@link
 * #preselects}), by the gate ({@link #dropUpTo}), and by the activation ({@link #cut}). The same
 * decisions are made for one token computed neuron by neuron and, through {@link #filter}, for a
 * batch that was computed densely.
 *
 * <p>Immutable; what a session remembers is in its {@link Workspace#selection}. Methods that take a
 * worker are run by all of them.
 */
interface Selector {
  /** Neurons whose gate activation has at most this magnitude are dropped. */
  default float dropUpTo() {
    return 0;
  }

  /** Whether there are batches whose neurons are chosen before their weights are read. */
  default boolean mayPreselect() {
    return false;
  }

  /** Whether neurons of this batch are chosen before their weights are read. */
  default boolean preselects(Workspace space) {
    return false;
  }

  /** Gets ready to {@link #select} for every token of the batch; what it writes, a barrier ends. */
  default void prepare(Worker worker, Workspace space) {}

  /** Ranges given to {@link #select} are cut at multiples of this. */
  default int step() {
    return 1;
  }

  /**
   * Writes the selected neurons of token {@code t} in {@code [from, to)}, ascending, from {@code
   * selected[from]} on, and returns how many there are. Every range is asked for by one worker.
   */
  default int select(Workspace space, int t, int from, int to, int[] selected) {
    throw new IllegalStateException(getClass().getSimpleName() + " does not preselect");
  }

  /** Learns which neurons of token {@code t} a worker found active; a barrier follows. */
  default void observe(Workspace space, int t, int[] neurons, int count) {}

  /** Whether {@link #cut} drops neurons. */
  default boolean cuts() {
    return false;
  }

  /** Drops neurons from the merged list by their activations; every worker does the same. */
  default void cut(ActiveSet.Share share) {}

  /**
   * Zeroes what is not selected in the densely computed {@link Workspace#neurons} of a batch, whose
   * gates are no longer needed, and counts what was selected as {@link Stage#GATE}. Begins after a
   * barrier and ends with one if it changed anything.
   *
   * @param length neurons of the layer
   */
  default void filter(Worker worker, Workspace space, int length) {
    if (preselects(space)) {
      prepare(worker, space);
      Masks.keepSelected(this, worker, space, length);
      worker.barrier();
    } else {
      Masks.countAll(worker, space, length);
    }
  }

  /** Called on the lead when all workers are done with a batch, before the last barrier. */
  default void advance(Workspace space) {}

  /** Most tokens of this batch that can be computed neuron by neuron. */
  default int maxTokens(Workspace space) {
    return Integer.MAX_VALUE;
  }

  /** Bytes of its own that it reads for a token or a batch. */
  default long byteSize() {
    return 0;
  }

  /** Whether it reads the normed input in quantised form. */
  default boolean needsInt8() {
    return false;
  }

  /** What it wants in a session. */
  default Needs needs() {
    return Needs.NONE;
  }
}
