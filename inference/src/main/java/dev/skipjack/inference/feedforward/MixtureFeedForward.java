package dev.skipjack.inference.feedforward;

import dev.skipjack.inference.layer.ActiveSet;
import dev.skipjack.inference.layer.Linears;
import dev.skipjack.inference.layer.RoutingSpace;
import dev.skipjack.inference.layer.SelectionSpace;
import dev.skipjack.inference.layer.Stage;
import dev.skipjack.inference.layer.Workspace;
import dev.skipjack.kernels.FloatKernels;
import dev.skipjack.kernels.KernelProvider;
import dev.skipjack.kernels.team.Worker;
import dev.skipjack.models.spec.FeedForwardSpec.Dense;
import dev.skipjack.models.spec.FeedForwardSpec.MixtureOfExperts;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * A mixture of experts (Shazeer et al. 2017; Mixtral, arXiv 2401.04088): the router chooses experts
 * for every token, and only their weights are read; of those, only what a selector leaves.
 */
public final class MixtureFeedForward implements FeedForward {
  private final int layer;
  private final int length;
  private final int usedCount;
  private final FloatKernels floats;
  private final ExpertRouter router;
  private final List<Expert> experts;

  /** Whether the experts share a selector of neurons. */
  private final boolean selects;

  private MixtureFeedForward(
      KernelProvider kernels,
      MixtureOfExperts spec,
      int layer,
      List<Expert> experts,
      boolean selects) {
    this.layer = layer;
    this.length = spec.experts().getFirst().length();
    this.usedCount = spec.usedCount();
    this.floats = kernels.floats();
    this.router = new ExpertRouter(kernels, spec);
    this.experts = List.copyOf(experts);
    this.selects = selects;
  }

  /** Experts that compute every neuron. */
  static MixtureFeedForward dense(KernelProvider kernels, MixtureOfExperts spec, int layer) {
    Linears linears = Linears.dense(kernels);
    List<Expert> experts = new ArrayList<>();
    for (Dense expert : spec.experts()) {
      experts.add(
          new DenseExpert(kernels, linears, expert, layer, experts.size(), Optional.empty()));
    }
    return new MixtureFeedForward(kernels, spec, layer, experts, false);
  }

  /**
   * Experts that compute the neurons of which a selector likes the gate.
   *
   * @param networks of the experts
   * @param weights of the networks
   */
  static MixtureFeedForward sparse(
      KernelProvider kernels,
      MixtureOfExperts spec,
      List<Dense> networks,
      List<NeuronWeights> weights,
      int layer,
      Selector selector,
      NeuronOptions options) {
    List<Expert> experts = new ArrayList<>();
    for (int e = 0; e < networks.size(); e++) {
      experts.add(
          new SparseExpert(kernels, networks.get(e), weights.get(e), layer, e, selector, options));
    }
    return new MixtureFeedForward(kernels, spec, layer, experts, true);
  }

  /** Up to which density neurons are computed one by one, where they are chosen. */
  Optional<ReadCost> cost() {
    return experts.getFirst() instanceof SparseExpert sparse
        ? Optional.of(sparse.cost())
        : Optional.empty();
  }

  @Override
  public boolean needsInt8() {
    return router.needsInt8() || experts.getFirst().needsInt8();
  }

  @Override
  public void forward(Worker worker, Workspace space) {
    RoutingSpace routing = space.routing.orElseThrow();
    if (selects) {
      space.selection.orElseThrow().active.share(worker).begin();
    }
    if (worker.isLead()) {
      routing.begin();
      space.selection.ifPresent(selection -> selection.active.clearMarks());
    }
    router.route(worker, space, routing);
    int hidden = space.normed.cols();
    Arrays.fill(
        space.branch, worker.from(space.count, 1) * hidden, worker.to(space.count, 1) * hidden, 0);
    for (int e = 0; e < experts.size(); e++) {
      // Every worker sees the same entries, so all skip the same experts.
      if (routing.starts[e] < routing.starts[e + 1]) {
        gather(worker, space, routing, e);
        worker.barrier();
        experts.get(e).add(worker, space, routing, routing.starts[e], routing.starts[e + 1]);
      }
    }
    if (worker.isLead()) {
      record(space, routing);
    }
    worker.barrier();
  }

  private void gather(Worker worker, Workspace space, RoutingSpace routing, int expert) {
    int first = routing.starts[expert];
    int tokens = routing.starts[expert + 1] - first;
    int hidden = routing.input.cols();
    int from = worker.from(tokens, 1);
    int to = worker.to(tokens, 1);
    for (int i = from; i < to; i++) {
      int source = routing.entryTokens[first + i] * hidden;
      System.arraycopy(space.normed.values(), source, routing.input.values(), i * hidden, hidden);
    }
    if (experts.get(expert).needsInt8()) {
      floats.quantize(routing.input, from, to);
    }
  }

  private void record(Workspace space, RoutingSpace routing) {
    long routed = (long) space.count * length * usedCount;
    long total = (long) space.count * length * experts.size();
    if (selects) {
      SelectionSpace selection = space.selection.orElseThrow();
      ActiveSet active = selection.active;
      space.density.record(layer, routed, routing.ups(), active.total(Stage.DOWN), total);
      // An expert is as dense as the neurons of those tokens that it saw.
      selection.running.add(layer, active, routed);
    } else {
      space.density.record(layer, routed, total);
    }
    space.density.read(
        router.byteSize() + routing.bytes(),
        router.byteSize() + experts.size() * experts.getFirst().byteSize());
  }
}
