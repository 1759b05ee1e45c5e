package dev.skipjack.models.architecture;

import dev.skipjack.loader.tensor.Tensor;
import dev.skipjack.models.spec.FeedForwardSpec.Dense;
import dev.skipjack.models.spec.FeedForwardSpec.Gating;
import dev.skipjack.models.spec.FeedForwardSpec.MixtureOfExperts;
import dev.skipjack.models.spec.FeedForwardSpec.RouterInput;
import dev.skipjack.models.spec.LinearSpec;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntFunction;

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
    IntFunction<Tensor> gates = matrices("ffn_gate", count, length, hiddenSize);
    IntFunction<Tensor> ups = matrices("ffn_up", count, length, hiddenSize);
    IntFunction<Tensor> downs = matrices("ffn_down", count, hiddenSize, length);
    List<Dense> experts = new ArrayList<>(count);
    for (int e = 0; e < count; e++) {
      experts.add(
          binder.bind(LinearSpec.of(gates.apply(e)), LinearSpec.of(ups.apply(e)), downs.apply(e)));
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

  /** The matrix of each expert: of one stack, or as the first Mixtral files had them, its own. */
  private IntFunction<Tensor> matrices(String role, int count, int rows, int cols) {
    if (checkpoint.find(prefix + role + ".0.weight").isPresent()) {
      return e -> checkpoint.require("%s%s.%d.weight".formatted(prefix, role, e), rows, cols);
    }
    return checkpoint.require(prefix + role + "_exps.weight", count, rows, cols)::matrix;
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
