package dev.skipjack.inference.feedforward;

import dev.skipjack.kernels.KernelProvider;
import dev.skipjack.loader.container.Metadata;
import dev.skipjack.models.spec.DecoderSpec;
import dev.skipjack.models.spec.FeedForwardSpec.Dense;
import dev.skipjack.models.spec.FeedForwardSpec.DownSpec;
import dev.skipjack.models.spec.FeedForwardSpec.MixtureOfExperts;
import dev.skipjack.models.spec.LayerSpec;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * What chooses the neurons of the layers that do not compute all.
 *
 * @param byLayer by the layer's index
 */
record LayerSelections(Map<Integer, LayerSelection> byLayer) {
  /**
   * @param methods of every layer
   * @throws IllegalArgumentException if a method cannot serve its layer; says what could
   */
  static LayerSelections of(
      KernelProvider kernels, DecoderSpec spec, Metadata metadata, List<ResolvedMethod> methods) {
    Map<Integer, LayerSelection> selections = new TreeMap<>();
    for (LayerSpec layer : spec.layers()) {
      ResolvedMethod wanted = methods.get(layer.index());
      SelectionMethods.find(wanted.name())
          .map(method -> of(kernels, metadata, layer, method, wanted.numbers()))
          .ifPresent(selection -> selections.put(layer.index(), selection));
    }
    return new LayerSelections(selections);
  }

  private static LayerSelection of(
      KernelProvider kernels,
      Metadata metadata,
      LayerSpec layer,
      SelectionMethod method,
      List<Float> numbers) {
    if (layer.feedForward() instanceof MixtureOfExperts && !method.byGate()) {
      throw refused(method, SelectionPlan.MIXTURE);
    }
    List<Dense> networks = SelectionPlan.networks(layer);
    SelectionContext context =
        SelectionContext.of(kernels, metadata, layer, networks.getFirst(), numbers);
    Optional<String> refusal = context.refuseAlways().or(() -> method.refusal().of(context));
    if (refusal.isPresent()) {
      throw refused(method, refusal.get());
    }
    return new LayerSelection(kernels, layer, networks, method.binder().bind(context));
  }

  private static IllegalArgumentException refused(SelectionMethod method, String reason) {
    return new IllegalArgumentException("%s: %s".formatted(method.name(), reason));
  }

  /** All down projections that are read neuron by neuron. */
  List<DownSpec> downs() {
    return byLayer.values().stream().flatMap(selection -> selection.downs().stream()).toList();
  }
}
