package dev.skipjack.inference.measure.sparsity;

import dev.skipjack.inference.SparsityMode;
import dev.skipjack.inference.measure.SelectionQuality;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.ToDoubleFunction;

/**
 * How sparse a model is on a text.
 *
 * @param source of the model
 * @param activation for example {@code relu2}
 * @param windows that the text was cut into
 * @param tokens of all windows
 * @param nll dense mean negative log likelihood, in nats, of the second halves of the windows
 * @param exactZeros whether neurons that are not zero count as firing; else, where the activation
 *     has no exact zeros, those at or above the layer's CETT threshold
 * @param layers all of them
 * @param loss what a small loss of quality allows for; empty if not asked for, or for mixtures
 * @param hot all neurons of all layers together; empty for mixtures
 * @param selection the method that was compared
 */
public record SparsityProfile(
    String source,
    String activation,
    SparsityOptions options,
    int windows,
    int tokens,
    double nll,
    boolean exactZeros,
    List<LayerProfile> layers,
    Optional<Loss> loss,
    Optional<HotNeurons> hot,
    Optional<SparsityMode> selection) {
  public SparsityProfile {
    layers = List.copyOf(layers);
  }

  /**
   * PPL-p% of the Sparsing Law (arXiv 2411.02335).
   *
   * @param percent p
   * @param cett at which it was found
   * @param ratio of perplexities that its thresholds give
   * @param density mean over layers of the neurons left
   */
  public record Loss(double percent, double cett, double ratio, double density) {}

  /** Whether any layer is a mixture of experts, for which only magnitudes are known. */
  public boolean mixture() {
    return layers.stream().anyMatch(layer -> layer.network().isEmpty());
  }

  public double perplexity() {
    return Math.exp(nll);
  }

  /** Mean over layers of the exact zeros. */
  public double zeroRate() {
    return layers.stream().mapToDouble(LayerProfile::zeroRate).average().orElse(0);
  }

  /** Mean over the layers that are no mixtures. */
  public double mean(ToDoubleFunction<LayerProfile.Network> number) {
    return layers.stream()
        .flatMap(layer -> layer.network().stream())
        .mapToDouble(number)
        .average()
        .orElse(Double.NaN);
  }

  /** For 1, 2, 4, ... tokens in a row, the mean fraction of neurons that never fire. */
  public double[] neverActive() {
    List<double[]> all =
        layers.stream()
            .flatMap(layer -> layer.network().stream())
            .map(LayerProfile.Network::neverActive)
            .toList();
    double[] means = new double[all.isEmpty() ? 0 : all.getFirst().length];
    Arrays.setAll(
        means, power -> all.stream().mapToDouble(layer -> layer[power]).average().orElseThrow());
    return means;
  }

  /** What neurons that fired independently of each other in every token would give. */
  public double[] neverActiveIfIndependent() {
    double[] measured = neverActive();
    double[] expected = new double[measured.length];
    Arrays.setAll(
        expected, power -> mean(network -> Math.pow(network.neverActive()[0], 1 << power)));
    return expected;
  }

  /** The compared method over all layers. */
  public Optional<SelectionQuality> selectionQuality() {
    return layers.stream()
        .flatMap(layer -> layer.network().stream())
        .flatMap(network -> network.selection().stream())
        .reduce(SelectionQuality::plus);
  }
}
