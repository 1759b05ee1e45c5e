package dev.skipjack.inference.calibration;

import dev.skipjack.kernels.KernelProvider;
import dev.skipjack.kernels.activation.Activation;
import dev.skipjack.models.spec.DecoderSpec;
import dev.skipjack.models.spec.FeedForwardSpec.Dense;
import dev.skipjack.models.spec.LayerSpec;
import java.util.List;
import java.util.Optional;

/** The feed-forward networks of a decoder that is no mixture of experts. */
final class Networks {
  private Networks() {}

  static Optional<String> refuseMixtures(DecoderSpec spec) {
    return spec.layers().stream().allMatch(layer -> layer.feedForward() instanceof Dense)
        ? Optional.empty()
        : Optional.of(
            "the model is a mixture of experts, which reads only the experts it needs; use dense");
  }

  /** Of a model whose methods {@link #refuseMixtures refuse mixtures}. */
  static List<Dense> of(DecoderSpec spec) {
    return spec.layers().stream().map(Networks::of).toList();
  }

  static Dense of(LayerSpec layer) {
    return switch (layer.feedForward()) {
      case Dense dense -> dense;
      case Object other ->
          throw new IllegalStateException("layer %d is %s".formatted(layer.index(), other));
    };
  }

  static Activation activation(KernelProvider kernels, Dense network) {
    return kernels.activation(network.activation().name(), network.activation().parameters());
  }
}
