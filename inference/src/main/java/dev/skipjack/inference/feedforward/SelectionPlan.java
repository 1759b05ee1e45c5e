package dev.skipjack.inference.feedforward;

import dev.skipjack.kernels.KernelProvider;
import dev.skipjack.loader.container.Metadata;
import dev.skipjack.models.spec.DecoderSpec;
import dev.skipjack.models.spec.FeedForwardSpec.Dense;
import dev.skipjack.models.spec.FeedForwardSpec.DownSpec;
import dev.skipjack.models.spec.LayerSpec;
import dev.skipjack.models.spec.SparseKeys;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Which methods can serve a model.
 *
 * @param layers those whose feed-forward is a single network
 * @param parameters the numbers given with a method
 */
record SelectionPlan(DecoderSpec spec, List<SelectionContext> layers, List<Float> parameters) {
  static final String MIXTURE =
      "the model is a mixture of experts, which reads only the experts it needs; use dense";

  static SelectionPlan of(
      KernelProvider kernels, DecoderSpec spec, Metadata metadata, List<Float> parameters) {
    List<SelectionContext> contexts = new ArrayList<>();
    for (LayerSpec layer : spec.layers()) {
      if (layer.feedForward() instanceof Dense network) {
        Dense folded = ConstantFold.of(network);
        contexts.add(SelectionContext.of(kernels, metadata, layer, folded, parameters));
      }
    }
    return new SelectionPlan(spec, List.copyOf(contexts), parameters);
  }

  /** The down projections of all those layers. */
  List<DownSpec> downs() {
    return layers.stream().map(layer -> layer.network().down()).toList();
  }

  /** Why a method cannot serve the model and what could; empty when it can. */
  Optional<String> refusal(SelectionMethod method) {
    int count = spec.layers().size();
    if (count == 0 || layers.size() < count) {
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
   * predictors, or what loses nothing.
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
        .findFirst();
  }
}
