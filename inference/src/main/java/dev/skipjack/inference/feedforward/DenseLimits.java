package dev.skipjack.inference.feedforward;

import dev.skipjack.kernels.team.ThreadTeam;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** Finds the densities above which the sparse layers of a model are computed densely. */
final class DenseLimits {
  private DenseLimits() {}

  /**
   * The layers with their limits, measured once for each shape and layout. A limit that is given or
   * follows from the layout is kept, and layers that fit into a cache, or not into memory, keep the
   * estimate.
   */
  static List<FeedForward> of(List<FeedForward> layers, NeuronOptions options, ThreadTeam team) {
    List<LayerTrial> trials =
        layers.stream()
            .filter(SparseFeedForward.class::isInstance)
            .map(SparseFeedForward.class::cast)
            .filter(layer -> layer.cost().isOpen())
            .map(SparseFeedForward::trial)
            .toList();
    long bytes = trials.stream().mapToLong(LayerTrial::byteSize).sum();
    if (!options.inMemory() || bytes < BreakEven.LEAST_BYTES) {
      return layers;
    }
    Map<LayerTrial.Shape, Double> limits =
        trials.stream().collect(Collectors.groupingBy(LayerTrial::shape)).entrySet().stream()
            .collect(
                Collectors.toMap(
                    Map.Entry::getKey, alike -> BreakEven.measure(team, alike.getValue())));
    return layers.stream().map(layer -> limited(layer, limits)).toList();
  }

  private static FeedForward limited(FeedForward layer, Map<LayerTrial.Shape, Double> limits) {
    return layer instanceof SparseFeedForward sparse && sparse.cost().isOpen()
        ? sparse.withMeasuredLimit(limits.get(sparse.trial().shape()))
        : layer;
  }

  /** The limit of every layer; 1 for layers that are not sparse. */
  static double[] of(List<FeedForward> layers) {
    return layers.stream()
        .mapToDouble(layer -> cost(layer).map(DenseLimits::limit).orElse(1.0))
        .toArray();
  }

  private static Optional<ReadCost> cost(FeedForward layer) {
    return switch (layer) {
      case SparseFeedForward sparse -> Optional.of(sparse.cost());
      case MixtureFeedForward mixture -> mixture.cost();
      default -> Optional.empty();
    };
  }

  /** That of a layer whose gates are computed; those of others differ little. */
  private static double limit(ReadCost cost) {
    return cost.tokenLimit(false);
  }

  /** For people, the end of a sentence; empty where no layer is sparse. */
  static String describe(List<FeedForward> layers) {
    List<String> limits =
        layers.stream()
            .flatMap(layer -> cost(layer).stream())
            .map(
                cost ->
                    String.format(Locale.ROOT, "%.0f %% (%s)", 100 * limit(cost), cost.origin()))
            .distinct()
            .toList();
    return limits.isEmpty()
        ? ""
        : limits.stream()
            .collect(Collectors.joining(" or ", "; a token is computed densely above ", ""));
  }
}
