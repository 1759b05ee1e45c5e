package dev.skipjack.inference.feedforward;

import dev.skipjack.kernels.KernelProvider;
import dev.skipjack.kernels.activation.Activation;
import dev.skipjack.loader.container.Metadata;
import dev.skipjack.models.spec.FeedForwardSpec.Dense;
import dev.skipjack.models.spec.LayerSpec;
import dev.skipjack.models.spec.NormSpec;
import dev.skipjack.models.spec.SparseKeys;
import java.util.List;
import java.util.Optional;

/**
 * What a {@link SelectionMethod} is told about a layer.
 *
 * @param parameters as given with the method's name: none, one, or one for each layer
 */
record SelectionContext(
    KernelProvider kernels,
    Metadata metadata,
    LayerSpec layer,
    Dense network,
    Activation activation,
    List<Float> parameters) {
  static SelectionContext of(
      KernelProvider kernels,
      Metadata metadata,
      LayerSpec layer,
      Dense network,
      List<Float> parameters) {
    var activation = network.activation();
    return new SelectionContext(
        kernels,
        metadata,
        layer,
        network,
        kernels.activation(activation.name(), activation.parameters()),
        parameters);
  }

  /** The one number of a method that requires it. */
  float parameter() {
    return parameters.getFirst();
  }

  /**
   * This layer's number: given with the name, or calibrated for the method in the file ({@value
   * SparseKeys#KIND} and {@value SparseKeys#THRESHOLD}).
   */
  Optional<Float> threshold(String method) {
    if (!parameters.isEmpty()) {
      return Optional.of(parameters.get(parameters.size() == 1 ? 0 : layer.index()));
    }
    if (!metadata.string(SparseKeys.KIND).filter(method::equals).isPresent()) {
      return Optional.empty();
    }
    if (!metadata
        .value(SparseKeys.THRESHOLD)
        .map(value -> value.getClass().isArray())
        .orElse(false)) {
      return metadata.number(SparseKeys.THRESHOLD).stream()
          .mapToObj(value -> (float) value)
          .findFirst();
    }
    return metadata
        .numbers(SparseKeys.THRESHOLD)
        .filter(thresholds -> layer.index() < thresholds.length)
        .map(thresholds -> (float) thresholds[layer.index()]);
  }

  /** Whether neurons have exact zeros that one can skip. */
  boolean exactZeros() {
    if (network.topK().isEmpty()) {
      return activation.exactZeros();
    }
    float[] zero = new float[1];
    activation.apply(zero, 0, 1);
    return zero[0] == 0;
  }

  /** Why a method that skips where the activation is exactly zero cannot serve the layer. */
  Optional<String> refuseWithoutZeros() {
    return exactZeros()
        ? Optional.empty()
        : Optional.of(
            "%s has no exact zeros; use cats, or --ffn-activation relu if the checkpoint was relufied"
                .formatted(network.activation()));
  }

  /** Why a method that chooses before the gate is computed cannot serve the layer. */
  Optional<String> refuseStatisticalTopK() {
    return network.topK().isEmpty()
        ? Optional.empty()
        : Optional.of("the gate has a statistical top-k, which needs all neurons; use exact");
  }

  /** Why no method can serve the layer. */
  Optional<String> refuseAlways() {
    if (!activation.elementwise()) {
      return Optional.of("%s needs all neurons at once; use dense".formatted(network.activation()));
    }
    return network
        .activationNorm()
        .filter(norm -> norm.kind() != NormSpec.Kind.RMS || norm.bias().isPresent())
        .map(norm -> "the norm before the down projection moves zeros; use dense");
  }
}
