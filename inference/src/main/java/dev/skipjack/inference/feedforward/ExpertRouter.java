package dev.skipjack.inference.feedforward;

import dev.skipjack.inference.layer.Linear;
import dev.skipjack.inference.layer.RoutingSpace;
import dev.skipjack.inference.layer.Workspace;
import dev.skipjack.kernels.Activations;
import dev.skipjack.kernels.FloatKernels;
import dev.skipjack.kernels.KernelProvider;
import dev.skipjack.kernels.team.Worker;
import dev.skipjack.models.spec.FeedForwardSpec.Gating;
import dev.skipjack.models.spec.FeedForwardSpec.MixtureOfExperts;
import dev.skipjack.models.spec.FeedForwardSpec.RouterInput;

/** Chooses experts for every token and weighs them. Immutable; workers share it. */
final class ExpertRouter {
  private final MixtureOfExperts spec;
  private final FloatKernels floats;
  private final Linear router;
  private final int experts;

  ExpertRouter(KernelProvider kernels, MixtureOfExperts spec) {
    this.spec = spec;
    this.floats = kernels.floats();
    this.router = Linear.dense(kernels, spec.router());
    this.experts = spec.experts().size();
  }

  boolean needsInt8() {
    return router.needsInt8();
  }

  long byteSize() {
    return router.byteSize();
  }

  /** Fills the routing of the batch; ends with a barrier. */
  void route(Worker worker, Workspace space, RoutingSpace routing) {
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
    router.apply(worker, input, tokens, routing.logits, experts);
    worker.barrier();
    for (int t = from; t < to; t++) {
      weigh(routing, t);
    }
    worker.barrier();
    if (worker.isLead()) {
      routing.compress(tokens, routing.logits, experts);
    }
    worker.barrier();
  }

  /** Turns the router logits of a token into weights and chooses its experts. */
  private void weigh(RoutingSpace routing, int t) {
    int count = experts;
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
}
