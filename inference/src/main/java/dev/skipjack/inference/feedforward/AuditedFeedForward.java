package dev.skipjack.inference.feedforward;

import dev.skipjack.inference.layer.ActiveSet;
import dev.skipjack.inference.layer.Linears;
import dev.skipjack.inference.layer.Stage;
import dev.skipjack.inference.layer.Workspace;
import dev.skipjack.kernels.KernelProvider;
import dev.skipjack.kernels.team.Worker;
import dev.skipjack.models.spec.FeedForwardSpec.Dense;
import java.util.Optional;

/**
 * Computes every neuron, then asks a selector which ones it would have computed, and shows both to
 * the observer: so the selector is judged on the inputs of a dense pass, which its own misses do
 * not change.
 */
final class AuditedFeedForward implements FeedForward {
  private final int layer;
  private final int length;
  private final Selector selector;
  private final DenseFeedForward dense;

  AuditedFeedForward(KernelProvider kernels, Dense spec, int layer, Selector selector) {
    this.layer = layer;
    this.length = spec.length();
    this.selector = selector;
    this.dense =
        new DenseFeedForward(kernels, Linears.dense(kernels), spec, layer, Optional.empty());
  }

  @Override
  public boolean needsInt8() {
    return dense.needsInt8() || selector.needsInt8();
  }

  @Override
  public void forward(Worker worker, Workspace space) {
    ActiveSet active = space.selection.orElseThrow().active;
    active.share(worker).begin();
    dense.compute(worker, space);
    // Others may still read the neurons that the selector is about to drop.
    worker.barrier();
    selector.filter(worker, space, length);
    worker.barrier();
    if (worker.isLead()) {
      long selected = active.total(Stage.GATE);
      space.observer.ifPresent(
          observer -> observer.selected(layer, space.neurons, space.count, selected));
      long neurons = (long) space.count * length;
      space.density.record(layer, neurons, neurons);
      space.density.read(dense.byteSize(), dense.byteSize());
      selector.advance(space);
    }
    worker.barrier();
  }
}
