package dev.skipjack.inference.feedforward;

import dev.skipjack.inference.layer.RoutingSpace;
import dev.skipjack.inference.layer.Workspace;
import dev.skipjack.kernels.FloatKernels;
import dev.skipjack.kernels.team.Worker;

/** One expert of a mixture. Immutable; workers and sessions share it. */
interface Expert {
  /** Whether the gathered inputs must be quantised. */
  boolean needsInt8();

  /** Bytes of all weights. */
  long byteSize();

  /**
   * Adds the expert's output for entries {@code [first, end)} of the routing, whose inputs are
   * gathered in {@link RoutingSpace#input}, to {@link Workspace#branch}, and counts on the lead
   * what that took. Runs on all workers, from a barrier to a barrier.
   */
  void add(Worker worker, Workspace space, RoutingSpace routing, int first, int end);

  /** Adds columns {@code [from, to)} of the outputs, each with the weight of its entry. */
  static void accumulate(
      FloatKernels floats,
      Workspace space,
      RoutingSpace routing,
      int first,
      int end,
      int from,
      int to) {
    int hidden = routing.input.cols();
    for (int i = first; i < end; i++) {
      floats.axpy(
          routing.entryWeights[i],
          routing.output,
          (i - first) * hidden + from,
          space.branch,
          routing.entryTokens[i] * hidden + from,
          to - from);
    }
  }
}
