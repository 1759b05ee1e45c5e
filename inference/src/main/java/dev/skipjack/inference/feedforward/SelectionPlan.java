package dev.skipjack.inference.feedforward;

import dev.skipjack.kernels.KernelProvider;
import dev.skipjack.loader.container.Metadata;
import dev.skipjack.models.spec.DecoderSpec;
import dev.skipjack.models.spec.FeedForwardSpec.Dense;
import dev.skipjack.models.spec.FeedForwardSpec.DownSpec;
import dev.skipjack.models.spec.FeedForwardSpec.MixtureOfExperts;
import dev.skipjack.models.spec.LayerSpec;
import dev.skipjack.models.spec.SparseKeys;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Which methods can serve a model.
 *
 * @param layers all; for a mixture of experts the network is that of the first expert
 * @param parameters the numbers given with a method
 */
record SelectionPlan(DecoderSpec spec, List<SelectionContext> layers, List<Float> parameters) {
  static final String MIXTURE =
      "the model is a mixture of experts, of which exact and cats alone choose neurons; use one of"
          + " them or dense";

  /** More than this is not copied unless it was asked for. */
  private static final long MOST_EXPERT_BYTES = 256L << 20;

  static SelectionPlan of(
      KernelProvider kernels, DecoderSpec spec, Metadata metadata, List<Float> parameters) {
    List<SelectionContext> contexts = new ArrayList<>();
    for (LayerSpec layer : spec.layers()) {
      Dense network = networks(layer).getFirst();
      contexts.add(SelectionContext.of(kernels, metadata, layer, network, parameters));
    }
    return new SelectionPlan(spec, List.copyOf(contexts), parameters);
  }

  /** The down projections of all those layers. */
  List<DownSpec> downs() {
    return spec.layers().stream()
        .flatMap(layer -> networks(layer).stream())
        .map(Dense::down)
        .toList();
  }

  /** The one network of a layer, or its experts. */
  static List<Dense> networks(LayerSpec layer) {
    return switch (layer.feedForward()) {
      case Dense network -> List.of(ConstantFold.of(network));
      case MixtureOfExperts mixture -> mixture.experts().stream().map(ConstantFold::of).toList();
    };
  }

  private boolean hasExperts() {
    return layers.stream()
        .anyMatch(layer -> layer.layer().feedForward() instanceof MixtureOfExperts);
  }

  /** Why a method cannot serve the model and what could; empty when it can. */
  Optional<String> refusal(SelectionMethod method) {
    int count = spec.layers().size();
    if (count == 0 || hasExperts() && !method.byGate()) {
      return Optional.of(MIXTURE);
    }
    if (parameters.size() > 1 && parameters.size() != count) {
      return Optional.of(
          "found %d numbers, expected one or one for each of %d layers"
              .formatted(parameters.size(), count));
    }
    return layers.stream()
        .flatMap(layer -> layer.refuseAlways().or(() -> method.refusal().of(layer)).stream())
        .findFirst();
  }

  /**
   * Refuses a method that cannot serve the model.
   *
   * @throws IllegalArgumentException if it cannot; says what could
   */
  void refuse(SelectionMethod method) {
    refusal(method)
        .ifPresent(
            refusal -> {
              throw new IllegalArgumentException("%s: %s".formatted(method.name(), refusal));
            });
  }

  /**
   * The method for a model whose user has no wish: what the file was calibrated for, its
   * predictors, or what loses nothing. Down projections of many experts are not copied unasked.
   */
  Optional<SelectionMethod> best() {
    Optional<SelectionMethod> calibrated =
        layers.stream()
            .findFirst()
            .flatMap(layer -> layer.metadata().string(SparseKeys.KIND))
            .flatMap(SelectionMethods::find);
    return Stream.concat(
            calibrated.stream(), Stream.of(PredictorSelector.METHOD, ThresholdSelector.EXACT))
        .filter(method -> refusal(method).isEmpty())
        .filter(
            method -> !hasExperts() || NeuronMajorCopies.bytes(downs(), false) <= MOST_EXPERT_BYTES)
        .findFirst();
  }
}
