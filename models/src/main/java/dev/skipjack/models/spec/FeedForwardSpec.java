package dev.skipjack.models.spec;

import dev.skipjack.loader.tensor.Tensor;
import java.util.List;
import java.util.Optional;

/** The feed-forward branch of a layer. */
public sealed interface FeedForwardSpec {
  /** How gate {@code g = Wg x} and up {@code u = Wu x} become the activation {@code a}. */
  enum Form {
    /** {@code a = act(u)}; there is no gate. */
    UNGATED,
    /** {@code a = act(g) * u}. */
    GATED,
    /** {@code a = act(g) * act(u)} (dReLU). */
    GATED_SYMMETRIC
  }

  /**
   * {@code y = Wd norm(a)}. Neuron {@code i} is row {@code i} of gate and up and column {@code i}
   * of down.
   *
   * @param length neurons
   * @param gate {@code [length x hidden]}, present unless ungated
   * @param up {@code [length x hidden]}
   * @param activationNorm over {@code a}, before down (BitNet)
   * @param topK statistical top-k on the gate before the activation (Gemma 3n)
   * @param predictor tells active neurons before their weights are read
   * @param signs sign bits of gate, or of up where there is no gate {@code [length x words]}: bit
   *     {@code j} of word {@code w} is set where the weight of channel {@code 64 w + j} is negative
   */
  record Dense(
      int length,
      Form form,
      ActivationSpec activation,
      Optional<LinearSpec> gate,
      LinearSpec up,
      DownSpec down,
      Optional<NormSpec> activationNorm,
      Optional<StatisticalTopK> topK,
      Optional<PredictorSpec> predictor,
      Optional<Tensor> signs)
      implements FeedForwardSpec {
    /** Without stored signs. */
    public Dense(
        int length,
        Form form,
        ActivationSpec activation,
        Optional<LinearSpec> gate,
        LinearSpec up,
        DownSpec down,
        Optional<NormSpec> activationNorm,
        Optional<StatisticalTopK> topK,
        Optional<PredictorSpec> predictor) {
      this(
          length,
          form,
          activation,
          gate,
          up,
          down,
          activationNorm,
          topK,
          predictor,
          Optional.empty());
    }
  }

  /**
   * The down projection in either orientation, or in both.
   *
   * @param weight {@code [hidden x length]}, or {@code [length x hidden]} when neuron-major
   * @param neuronMajor whether row {@code i} belongs to neuron {@code i}
   * @param bias {@code [hidden]}
   * @param transposed a neuron-major twin {@code [length x hidden]} of a weight that is not
   */
  record DownSpec(
      Tensor weight,
      boolean neuronMajor,
      Optional<Tensor> bias,
      float scale,
      Optional<Tensor> transposed) {
    public DownSpec(Tensor weight, boolean neuronMajor, Optional<Tensor> bias, float scale) {
      this(weight, neuronMajor, bias, scale, Optional.empty());
    }

    /** The linear map, of which {@link #neuronMajor} tells how the weight is held. */
    public LinearSpec linear() {
      return new LinearSpec(weight, bias, scale);
    }

    /** What can be read neuron by neuron as it is. */
    public Optional<Tensor> byNeuron() {
      return neuronMajor ? Optional.of(weight) : transposed;
    }
  }

  /**
   * Keeps {@code relu(g - (mean(g) + deviations * std(g)))}; the standard deviation divides by
   * {@code length - 1}.
   */
  record StatisticalTopK(float deviations) {}

  /**
   * A low-rank activation predictor: neuron {@code i} is active iff {@code (fc2 h(fc1 p))[i] >=
   * threshold}, on raw logits.
   *
   * @param fc1 {@code [rank x hidden]}
   * @param fc2 {@code [length x rank]}
   * @param hiddenRelu whether {@code h} is ReLU (PowerInfer) or the identity (Deja Vu)
   */
  record PredictorSpec(Tensor fc1, Tensor fc2, float threshold, Input input, boolean hiddenRelu) {
    /** What {@code p} is. */
    public enum Input {
      /** The residual before the feed-forward norm. */
      RESIDUAL,
      /** The feed-forward input itself. */
      NORMED
    }
  }

  /**
   * A mixture of experts: the router picks {@code usedCount} experts per token and their outputs
   * are added with the routing weights.
   *
   * @param router {@code [expertCount x hidden]}
   * @param routerInput what the router reads
   * @param normalizeWeights whether the chosen weights are divided by their sum
   * @param weightScale multiplies the weights
   */
  record MixtureOfExperts(
      LinearSpec router,
      RouterInput routerInput,
      Gating gating,
      int usedCount,
      boolean normalizeWeights,
      float weightScale,
      List<Dense> experts)
      implements FeedForwardSpec {
    public MixtureOfExperts {
      experts = List.copyOf(experts);
    }
  }

  /** What turns router logits into weights. */
  enum Gating {
    SOFTMAX,
    SIGMOID
  }

  /** What the router reads. */
  enum RouterInput {
    /** The feed-forward input. */
    NORMED,
    /** The layer's input, before the attention norm (SmallThinker). */
    LAYER_INPUT
  }
}
