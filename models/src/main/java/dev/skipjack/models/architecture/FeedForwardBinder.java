package dev.skipjack.models.architecture;

import dev.skipjack.loader.tensor.Tensor;
import dev.skipjack.models.spec.ActivationSpec;
import dev.skipjack.models.spec.FeedForwardSpec;
import dev.skipjack.models.spec.FeedForwardSpec.Dense;
import dev.skipjack.models.spec.FeedForwardSpec.DownSpec;
import dev.skipjack.models.spec.FeedForwardSpec.Form;
import dev.skipjack.models.spec.FeedForwardSpec.StatisticalTopK;
import dev.skipjack.models.spec.LinearSpec;
import dev.skipjack.models.spec.NormSpec;
import java.util.Optional;

/** Binds the feed-forward branch of one layer: dense, or a mixture when the layer has a router. */
final class FeedForwardBinder {
  private final DecoderBinder decoder;
  private final Checkpoint checkpoint;
  private final String prefix;
  private final MixtureBinder mixture;
  private int length;
  private Form form = Form.GATED;
  private ActivationSpec activation;
  private Optional<String> activationNorm = Optional.empty();
  private Optional<StatisticalTopK> topK = Optional.empty();

  FeedForwardBinder(DecoderBinder decoder, int layer) {
    this.decoder = decoder;
    this.checkpoint = decoder.checkpoint;
    this.prefix = "blk." + layer + ".";
    this.mixture = new MixtureBinder(checkpoint, prefix);
    this.activation = decoder.activation;
    this.length = checkpoint.layerCount("feed_forward_length", layer, 0);
  }

  FeedForwardBinder form(Form choice) {
    form = choice;
    return this;
  }

  FeedForwardBinder activation(ActivationSpec choice) {
    activation = choice;
    return this;
  }

  /** A norm over the activations, before the down projection. */
  FeedForwardBinder activationNorm(String role) {
    activationNorm = Optional.of(role);
    return this;
  }

  FeedForwardBinder topK(StatisticalTopK choice) {
    topK = Optional.of(choice);
    return this;
  }

  /** How a mixture routes, where the layer has one. */
  MixtureBinder mixture() {
    return mixture;
  }

  int length() {
    return length;
  }

  FeedForwardSpec bind() {
    // dReLU is an activation in metadata but a form in the formula: relu(g) * relu(u).
    if (activation.name().equals("drelu")) {
      form = Form.GATED_SYMMETRIC;
      activation = ActivationSpec.of("relu");
    }
    if (mixture.isPresent()) {
      length = checkpoint.count("expert_feed_forward_length", length);
      requireLength();
      return mixture.bind(decoder.hiddenSize, length, this::expert);
    }
    requireLength();
    return dense();
  }

  private void requireLength() {
    if (length == 0) {
      throw checkpoint.error(
          "key " + checkpoint.key("feed_forward_length"), "nothing", "1 or more");
    }
  }

  private Dense dense() {
    Optional<LinearSpec> gate = Optional.empty();
    LinearSpec up;
    Optional<Tensor> fused =
        form == Form.UNGATED || checkpoint.find(prefix + "ffn_gate.weight").isPresent()
            ? Optional.empty()
            : checkpoint.optional(prefix + "ffn_up.weight", 2L * length, decoder.hiddenSize);
    if (fused.isPresent()) {
      gate = Optional.of(LinearSpec.of(fused.get().rows(0, length)));
      up = LinearSpec.of(fused.get().rows(length, length));
    } else {
      if (form != Form.UNGATED) {
        gate = Optional.of(checkpoint.linear(prefix + "ffn_gate", length, decoder.hiddenSize));
      }
      up = checkpoint.linear(prefix + "ffn_up", length, decoder.hiddenSize);
    }
    return dense(
        gate,
        up,
        down(),
        PredictorBinder.find(checkpoint, prefix, decoder.hiddenSize, length),
        checkpoint.optional(
            prefix + "ffn_signs.weight", length, Math.ceilDiv(decoder.hiddenSize, Long.SIZE)));
  }

  private Dense expert(LinearSpec gate, LinearSpec up, Tensor down) {
    return dense(
        Optional.of(gate),
        up,
        new DownSpec(down, false, Optional.empty(), 1),
        Optional.empty(),
        Optional.empty());
  }

  private Dense dense(
      Optional<LinearSpec> gate,
      LinearSpec up,
      DownSpec down,
      Optional<FeedForwardSpec.PredictorSpec> predictor,
      Optional<Tensor> signs) {
    Optional<NormSpec> norm =
        activationNorm.map(role -> checkpoint.norm(NormSpec.Kind.RMS, prefix + role, length));
    return new Dense(length, form, activation, gate, up, down, norm, topK, predictor, signs);
  }

  private DownSpec down() {
    Optional<Tensor> neuronMajor =
        checkpoint.optional(prefix + "ffn_down_t.weight", length, decoder.hiddenSize);
    String rowMajor = prefix + "ffn_down";
    if (neuronMajor.isEmpty() || checkpoint.find(rowMajor + ".weight").isPresent()) {
      return new DownSpec(
          checkpoint.require(rowMajor + ".weight", decoder.hiddenSize, length),
          false,
          checkpoint.optional(rowMajor + ".bias", decoder.hiddenSize),
          checkpoint.scale(rowMajor),
          neuronMajor);
    }
    String name = prefix + "ffn_down_t";
    return new DownSpec(
        neuronMajor.get(),
        true,
        checkpoint.optional(name + ".bias", decoder.hiddenSize),
        checkpoint.scale(name));
  }
}
