package dev.skipjack.inference.feedforward;

import dev.skipjack.inference.layer.ActiveSet;
import dev.skipjack.inference.layer.Linear;
import dev.skipjack.inference.layer.LinearRole;
import dev.skipjack.inference.layer.Linears;
import dev.skipjack.inference.layer.RoutingSpace;
import dev.skipjack.inference.layer.Stage;
import dev.skipjack.inference.layer.Workspace;
import dev.skipjack.kernels.FloatKernels;
import dev.skipjack.kernels.KernelProvider;
import dev.skipjack.kernels.activation.Activation;
import dev.skipjack.kernels.team.Worker;
import dev.skipjack.models.spec.FeedForwardSpec.Dense;
import dev.skipjack.models.spec.FeedForwardSpec.Form;
import java.util.Optional;

/**
 * Computes every neuron of an expert. With a {@link Selector} it then zeroes those whose gate is
 * too small, and counts the others.
 */
final class DenseExpert implements Expert {
  private final int layer;
  private final int index;
  private final int length;
  private final Form form;
  private final FloatKernels floats;
  private final Activation activation;
  private final Linear gate;
  private final Linear up;
  private final Linear down;
  private final Optional<Selector> selector;

  /**
   * @param linears binds gate, up and down
   * @param index of the expert in its layer
   */
  DenseExpert(
      KernelProvider kernels,
      Linears linears,
      Dense spec,
      int layer,
      int index,
      Optional<Selector> selector) {
    this.layer = layer;
    this.index = index;
    this.length = spec.length();
    this.form = spec.form();
    this.floats = kernels.floats();
    this.activation = kernels.activation(spec.activation().name(), spec.activation().parameters());
    this.gate = linears.bind(layer, LinearRole.GATE, spec.gate().orElseThrow());
    this.up = linears.bind(layer, LinearRole.UP, spec.up());
    this.down = linears.bind(layer, LinearRole.DOWN, spec.down().linear());
    this.selector = selector;
  }

  @Override
  public boolean needsInt8() {
    return gate.needsInt8() || up.needsInt8();
  }

  @Override
  public long byteSize() {
    return gate.byteSize() + up.byteSize() + down.byteSize();
  }

  @Override
  public void add(Worker worker, Workspace space, RoutingSpace routing, int first, int end) {
    int tokens = end - first;
    worker.distributeRows(length, Math.max(gate.step(), up.step()));
    while (worker.take()) {
      activate(worker, space, routing, tokens, worker.first(), worker.end());
    }
    worker.barrier();
    if (space.observer.isPresent()) {
      if (worker.isLead()) {
        space.observer.get().expertNeurons(layer, index, space.neurons, tokens);
      }
      worker.barrier();
    }
    if (down.needsInt8()) {
      floats.quantize(space.neurons, worker.from(tokens, 1), worker.to(tokens, 1));
      worker.barrier();
    }
    int hidden = down.outputs();
    worker.distributeRows(hidden, down.step());
    while (worker.take()) {
      down.apply(space.neurons, tokens, worker.first(), worker.end(), routing.output, hidden);
      Expert.accumulate(floats, space, routing, first, end, worker.first(), worker.end());
    }
    if (worker.isLead()) {
      routing.computed((long) tokens * length, byteSize());
      if (selector.isPresent()) {
        space.selection.orElseThrow().active.mark();
      }
    }
    worker.barrier();
  }

  /** Computes neurons {@code [from, to)} of the expert's tokens. */
  private void activate(
      Worker worker, Workspace space, RoutingSpace routing, int tokens, int from, int to) {
    gate.apply(routing.input, tokens, from, to, space.gate, length);
    up.apply(routing.input, tokens, from, to, space.up, length);
    for (int i = 0; i < tokens; i++) {
      int offset = i * length + from;
      activation.apply(space.gate, offset, to - from);
      if (selector.isPresent()) {
        ActiveSet.Share share = space.selection.orElseThrow().active.share(worker);
        int kept = Masks.dropUpTo(selector.get().dropUpTo(), space.gate, offset, to - from);
        share.count(Stage.GATE, to - from);
        share.count(Stage.UP, kept);
      }
      if (form == Form.GATED_SYMMETRIC) {
        activation.apply(space.up, offset, to - from);
      }
      floats.multiply(space.up, offset, space.gate, offset, to - from);
      if (selector.isPresent()) {
        ActiveSet.Share share = space.selection.orElseThrow().active.share(worker);
        share.count(Stage.DOWN, Masks.countNonZero(space.gate, offset, to - from));
      }
      System.arraycopy(
          space.gate, offset, space.neurons.values(), i * space.neurons.cols() + from, to - from);
    }
  }
}
