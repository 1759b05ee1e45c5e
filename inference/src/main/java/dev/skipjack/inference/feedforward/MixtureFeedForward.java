package dev.skipjack.inference.feedforward;

import dev.skipjack.inference.layer.Linear;
import dev.skipjack.inference.layer.RoutingSpace;
import dev.skipjack.inference.layer.Workspace;
import dev.skipjack.kernels.Activations;
import dev.skipjack.kernels.FloatKernels;
import dev.skipjack.kernels.KernelProvider;
import dev.skipjack.kernels.activation.Activation;
import dev.skipjack.kernels.team.Worker;
import dev.skipjack.models.spec.FeedForwardSpec.Dense;
import dev.skipjack.models.spec.FeedForwardSpec.Form;
import dev.skipjack.models.spec.FeedForwardSpec.Gating;
import dev.skipjack.models.spec.FeedForwardSpec.MixtureOfExperts;
import dev.skipjack.models.spec.FeedForwardSpec.RouterInput;
import dev.skipjack.models.spec.LinearSpec;
import java.util.Arrays;
import java.util.List;

/**
 * A mixture of experts (Shazeer et al. 2017; Mixtral, arXiv 2401.04088): the router chooses experts
 * for every token, and only their weights are read.
 */
public final class MixtureFeedForward implements FeedForward {
  private final int layer;
  private final MixtureOfExperts spec;
  private final FloatKernels floats;
  private final Linear router;
  private final List<Expert> experts;

  /** Gate and up {@code [length x hidden]} and down {@code [hidden x length]} of one expert. */
  private record Expert(Dense spec, Activation activation, Linear gate, Linear up, Linear down) {
    static Expert of(KernelProvider kernels, Dense spec) {
      return new Expert(
          spec,
          kernels.activation(spec.activation().name(), spec.activation().parameters()),
          Linear.dense(kernels, spec.gate().orElseThrow()),
          Linear.dense(kernels, spec.up()),
          Linear.dense(
              kernels,
              new LinearSpec(spec.down().weight(), spec.down().bias(), spec.down().scale())));
    }

    long byteSize() {
      return gate.byteSize() + up.byteSize() + down.byteSize();
    }

    boolean needsInt8() {
      return gate.needsInt8() || up.needsInt8();
    }
  }

  public MixtureFeedForward(KernelProvider kernels, MixtureOfExperts spec, int layer) {
    this.layer = layer;
    this.spec = spec;
    this.floats = kernels.floats();
    this.router = Linear.dense(kernels, spec.router());
    this.experts = spec.experts().stream().map(dense -> Expert.of(kernels, dense)).toList();
  }

  @Override
  public boolean needsInt8() {
    return router.needsInt8() || experts.getFirst().needsInt8();
  }

  @Override
  public void forward(Worker worker, Workspace space) {
    RoutingSpace routing = space.routing.orElseThrow();
    route(worker, space, routing);
    int hidden = space.normed.cols();
    Arrays.fill(
        space.branch, worker.from(space.count, 1) * hidden, worker.to(space.count, 1) * hidden, 0);
    for (int e = 0; e < experts.size(); e++) {
      // Every worker sees the same entries, so all skip the same experts.
      if (routing.starts[e] < routing.starts[e + 1]) {
        apply(worker, space, routing, e, routing.starts[e], routing.starts[e + 1]);
      }
    }
    if (worker.isLead()) {
      long neurons = (long) space.count * experts.getFirst().spec().length();
      space.density.record(layer, neurons * spec.usedCount(), neurons * experts.size());
      space.density.read(bytesRead(routing), router.byteSize() + experts.size() * expertBytes());
    }
    worker.barrier();
  }

  private long expertBytes() {
    return experts.getFirst().byteSize();
  }

  private long bytesRead(RoutingSpace routing) {
    long bytes = router.byteSize();
    for (int e = 0; e < experts.size(); e++) {
      bytes += routing.starts[e] < routing.starts[e + 1] ? expertBytes() : 0;
    }
    return bytes;
  }

  private void route(Worker worker, Workspace space, RoutingSpace routing) {
    int tokens = space.count;
    int from = worker.from(tokens, 1);
    int to = worker.to(tokens, 1);
    Activations input = space.normed;
    if (spec.routerInput() == RouterInput.LAYER_INPUT) {
      input = routing.input;
      int hidden = input.cols();
      System.arraycopy(
          space.layerInput, from * hidden, input.values(), from * hidden, (to - from) * hidden);
      if (router.needsInt8()) {
        floats.quantize(input, from, to);
      }
      worker.barrier();
    }
    router.apply(worker, input, tokens, routing.logits, experts.size());
    worker.barrier();
    for (int t = from; t < to; t++) {
      weigh(routing, t);
    }
    worker.barrier();
    if (worker.isLead()) {
      routing.compress(tokens, routing.logits, experts.size());
    }
    worker.barrier();
  }

  /** Turns the router logits of a token into weights and chooses its experts. */
  private void weigh(RoutingSpace routing, int t) {
    int count = experts.size();
    float[] weights = routing.logits;
    int offset = t * count;
    if (spec.gating() == Gating.SOFTMAX) {
      floats.softmax(weights, offset, count);
    } else {
      for (int e = offset; e < offset + count; e++) {
        weights[e] = (float) (1 / (1 + Math.exp(-weights[e])));
      }
    }
    routing.choose(t, weights, count);
    double sum = 0;
    for (int slot = 0; slot < spec.usedCount(); slot++) {
      sum += weights[offset + routing.chosen[t * spec.usedCount() + slot]];
    }
    double scale = spec.weightScale() / (spec.normalizeWeights() ? sum : 1);
    floats.scale((float) scale, weights, offset, count);
  }

  /** Adds one expert's output for entries {@code [first, end)}. */
  private void apply(
      Worker worker, Workspace space, RoutingSpace routing, int index, int first, int end) {
    Expert expert = experts.get(index);
    int tokens = end - first;
    gather(worker, space, routing, expert, first, tokens);
    worker.barrier();
    activate(worker, space, routing, expert, tokens);
    worker.barrier();
    if (space.observer.isPresent()) {
      if (worker.isLead()) {
        space.observer.get().expertNeurons(layer, index, space.neurons, tokens);
      }
      worker.barrier();
    }
    if (expert.down().needsInt8()) {
      floats.quantize(space.neurons, worker.from(tokens, 1), worker.to(tokens, 1));
      worker.barrier();
    }
    int hidden = expert.down().outputs();
    int from = worker.from(hidden, expert.down().step());
    int to = worker.to(hidden, expert.down().step());
    expert.down().apply(space.neurons, tokens, from, to, routing.output, hidden);
    for (int i = 0; i < tokens; i++) {
      int target = routing.entryTokens[first + i] * hidden + from;
      floats.axpy(
          routing.entryWeights[first + i],
          routing.output,
          i * hidden + from,
          space.branch,
          target,
          to - from);
    }
    worker.barrier();
  }

  private void gather(
      Worker worker, Workspace space, RoutingSpace routing, Expert expert, int first, int tokens) {
    int hidden = routing.input.cols();
    int from = worker.from(tokens, 1);
    int to = worker.to(tokens, 1);
    for (int i = from; i < to; i++) {
      int source = routing.entryTokens[first + i] * hidden;
      System.arraycopy(space.normed.values(), source, routing.input.values(), i * hidden, hidden);
    }
    if (expert.needsInt8()) {
      floats.quantize(routing.input, from, to);
    }
  }

  private void activate(
      Worker worker, Workspace space, RoutingSpace routing, Expert expert, int tokens) {
    int length = expert.spec().length();
    int step = Math.max(expert.gate().step(), expert.up().step());
    int from = worker.from(length, step);
    int to = worker.to(length, step);
    expert.gate().apply(routing.input, tokens, from, to, space.gate, length);
    expert.up().apply(routing.input, tokens, from, to, space.up, length);
    for (int i = 0; i < tokens; i++) {
      int offset = i * length + from;
      expert.activation().apply(space.gate, offset, to - from);
      if (expert.spec().form() == Form.GATED_SYMMETRIC) {
        expert.activation().apply(space.up, offset, to - from);
      }
      floats.multiply(space.up, offset, space.gate, offset, to - from);
      System.arraycopy(
          space.gate, offset, space.neurons.values(), i * space.neurons.cols() + from, to - from);
    }
  }
}
