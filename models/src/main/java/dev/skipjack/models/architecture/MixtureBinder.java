package dev.skipjack.models.architecture;

import dev.skipjack.loader.tensor.Tensor;
import dev.skipjack.models.spec.FeedForwardSpec.Dense;
import dev.skipjack.models.spec.FeedForwardSpec.Gating;
import dev.skipjack.models.spec.FeedForwardSpec.MixtureOfExperts;
import dev.skipjack.models.spec.FeedForwardSpec.RouterInput;
import dev.skipjack.models.spec.LinearSpec;
import java.util.ArrayList;
import java.util.List;

/** Binds a mixture of experts: a router and the stacked weights of its experts. */
final class MixtureBinder {
  private final Checkpoint checkpoint;
  private final String prefix;
  private RouterInput routerInput = RouterInput.NORMED;
  private boolean normalizeWeights = true;

  /**
   * Makes an expert of its gate and up {@code [length x hidden]} and down {@code [hidden x
   * length]}.
   */
  interface ExpertBinder {
    Dense bind(LinearSpec gate, LinearSpec up, Tensor down);
  }

  MixtureBinder(Checkpoint checkpoint, String prefix) {
    this.checkpoint = checkpoint;
    this.prefix = prefix;
  }

  MixtureBinder routerInput(RouterInput choice) {
    routerInput = choice;
    return this;
  }

  MixtureBinder normalizeWeights(boolean choice) {
    normalizeWeights = choice;
    return this;
  }

  boolean isPresent() {
    return checkpoint.find(prefix + "ffn_gate_inp.weight").isPresent();
  }

  MixtureOfExperts bind(int hiddenSize, int length, ExpertBinder binder) {
    int count = checkpoint.requireCount("expert_count");
    int used = checkpoint.requireCount("expert_used_count");
    if (used > count) {
      throw checkpoint.error(
          "key " + checkpoint.key("expert_used_count"), "" + used, "at most " + count + " experts");
    }
    Tensor gates = checkpoint.require(prefix + "ffn_gate_exps.weight", count, length, hiddenSize);
    Tensor ups = checkpoint.require(prefix + "ffn_up_exps.weight", count, length, hiddenSize);
    Tensor downs = checkpoint.require(prefix + "ffn_down_exps.weight", count, hiddenSize, length);
    List<Dense> experts = new ArrayList<>(count);
    for (int e = 0; e < count; e++) {
      experts.add(
          binder.bind(
              LinearSpec.of(gates.matrix(e)), LinearSpec.of(ups.matrix(e)), downs.matrix(e)));
    }
    return new MixtureOfExperts(
        checkpoint.linear(prefix + "ffn_gate_inp", count, hiddenSize),
        routerInput,
        gating(),
        used,
        checkpoint.metadata().bool(checkpoint.key("expert_weights_norm")).orElse(normalizeWeights),
        checkpoint.number("expert_weights_scale", 1),
        experts);
  }

  private Gating gating() {
    int function = checkpoint.count("expert_gating_func", 1);
    return switch (function) {
      case 1 -> Gating.SOFTMAX;
      case 2 -> Gating.SIGMOID;
      default ->
          throw checkpoint.error(
              "key " + checkpoint.key("expert_gating_func"),
              "" + function,
              "1 (softmax) or 2 (sigmoid)");
    };
  }
}
