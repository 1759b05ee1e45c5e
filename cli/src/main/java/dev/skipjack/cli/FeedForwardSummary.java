package dev.skipjack.cli;

import dev.skipjack.models.spec.DecoderSpec;
import dev.skipjack.models.spec.FeedForwardSpec.Dense;
import dev.skipjack.models.spec.FeedForwardSpec.MixtureOfExperts;
import dev.skipjack.models.spec.LayerSpec;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * The feed-forward networks of a model in a few words. Where layers differ, all variants are named.
 *
 * @param form {@code ungated}, {@code gated} or {@code gated_symmetric}
 * @param neurons per network, the largest
 * @param down {@code row-major} or {@code neuron-major}
 * @param experts networks per layer; 1 unless a mixture
 * @param expertsUsed networks that compute for a token
 */
record FeedForwardSummary(
    String form, String activation, int neurons, String down, int experts, int expertsUsed) {
  static FeedForwardSummary of(DecoderSpec spec) {
    List<LayerSpec> layers = spec.layers();
    return new FeedForwardSummary(
        variants(layers, network -> network.form().name().toLowerCase(Locale.ROOT)),
        variants(layers, network -> "" + network.activation()),
        spec.config().feedForwardLength(),
        variants(
            layers,
            network -> network.down().byNeuron().isPresent() ? "neuron-major" : "row-major"),
        layers.stream().mapToInt(FeedForwardSummary::experts).max().orElse(1),
        layers.stream().mapToInt(FeedForwardSummary::expertsUsed).max().orElse(1));
  }

  private static String variants(List<LayerSpec> layers, Function<Dense, String> property) {
    return layers.stream()
        .map(FeedForwardSummary::network)
        .map(property)
        .distinct()
        .collect(Collectors.joining(", "));
  }

  /** The layer's network; the experts of a mixture are alike. */
  private static Dense network(LayerSpec layer) {
    return switch (layer.feedForward()) {
      case Dense dense -> dense;
      case MixtureOfExperts mixture -> mixture.experts().getFirst();
    };
  }

  private static int experts(LayerSpec layer) {
    return layer.feedForward() instanceof MixtureOfExperts mixture ? mixture.experts().size() : 1;
  }

  private static int expertsUsed(LayerSpec layer) {
    return layer.feedForward() instanceof MixtureOfExperts mixture ? mixture.usedCount() : 1;
  }
}
