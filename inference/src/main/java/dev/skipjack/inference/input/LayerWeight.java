package dev.skipjack.inference.input;

import dev.skipjack.inference.layer.LinearRole;
import dev.skipjack.loader.tensor.Tensor;
import dev.skipjack.models.spec.DecoderSpec;
import dev.skipjack.models.spec.FeedForwardSpec.Dense;
import dev.skipjack.models.spec.FeedForwardSpec.DownSpec;
import dev.skipjack.models.spec.LayerSpec;
import dev.skipjack.models.spec.LinearSpec;
import dev.skipjack.models.spec.ProjectionSpec;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The weight of one linear map of a layer.
 *
 * @param transposed whether the tensor is {@code [inputs x outputs]}
 * @param channelMajor a tensor {@code [inputs x outputs]} that the file has, if any
 */
public record LayerWeight(
    int layer,
    LinearRole role,
    LinearSpec spec,
    boolean transposed,
    Optional<Tensor> channelMajor) {
  /** A weight {@code [outputs x inputs]}, of which the file has no other form. */
  public LayerWeight(int layer, LinearRole role, LinearSpec spec) {
    this(layer, role, spec, false, Optional.empty());
  }

  /** Why inputs of a model cannot be left out, and what would serve it; empty when they can. */
  public static Optional<String> refusal(DecoderSpec spec) {
    for (LayerSpec layer : spec.layers()) {
      if (!(layer.attention().projection() instanceof ProjectionSpec.Direct)) {
        return Optional.of(
            "layer %d has latent attention, whose inputs are compressed already; use exact or cats"
                .formatted(layer.index()));
      }
      if (!(layer.feedForward() instanceof Dense)) {
        return Optional.of(
            "the model is a mixture of experts, which reads only the experts it needs; use dense");
      }
    }
    return Optional.empty();
  }

  /**
   * The weights of all maps of a model, layer by layer, in the order of their roles.
   *
   * @throws IllegalArgumentException if there is a {@link #refusal}
   */
  public static List<LayerWeight> of(DecoderSpec spec) {
    refusal(spec)
        .ifPresent(
            refusal -> {
              throw new IllegalArgumentException(refusal);
            });
    return spec.layers().stream().flatMap(layer -> of(layer).stream()).toList();
  }

  private static List<LayerWeight> of(LayerSpec layer) {
    var projection = (ProjectionSpec.Direct) layer.attention().projection();
    var network = (Dense) layer.feedForward();
    List<LayerWeight> weights = new ArrayList<>();
    int index = layer.index();
    weights.add(new LayerWeight(index, LinearRole.QUERY, projection.query()));
    weights.add(new LayerWeight(index, LinearRole.KEY, projection.key()));
    weights.add(new LayerWeight(index, LinearRole.VALUE, projection.value()));
    weights.add(new LayerWeight(index, LinearRole.OUTPUT, layer.attention().output()));
    weights.add(new LayerWeight(index, LinearRole.UP, network.up()));
    network.gate().ifPresent(gate -> weights.add(new LayerWeight(index, LinearRole.GATE, gate)));
    DownSpec down = network.down();
    LinearSpec spec = down.linear();
    weights.add(new LayerWeight(index, LinearRole.DOWN, spec, down.neuronMajor(), down.byNeuron()));
    return weights;
  }

  /** The tensor's name without its ending, for example {@code blk.0.attn_q}. */
  public String name() {
    return "blk.%d.%s".formatted(layer, role.tensorName());
  }

  public int outputs() {
    return transposed ? spec.weight().cols() : spec.weight().rows();
  }

  public int inputs() {
    return transposed ? spec.weight().rows() : spec.weight().cols();
  }
}
