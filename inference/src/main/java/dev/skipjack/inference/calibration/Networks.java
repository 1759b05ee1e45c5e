package dev.skipjack.inference.calibration;

import dev.skipjack.kernels.KernelProvider;
import dev.skipjack.kernels.KernelProviders;
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

  /** Why a method that tells zero neurons from others cannot serve a model. */
  static Optional<String> refuseWithoutZeros(DecoderSpec spec) {
    return of(spec).stream()
        .filter(network -> network.topK().isPresent() || !exactZeros(network))
        .findFirst()
        .map(
            network ->
                network.topK().isPresent()
                    ? "the gate has a statistical top-k, which needs all neurons; use exact"
                    : "%s has no exact zeros; use cats, or --ffn-activation relu if the checkpoint was relufied"
                        .formatted(network.activation()));
  }

  private static boolean exactZeros(Dense network) {
    return activation(KernelProviders.get(), network).exactZeros();
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
