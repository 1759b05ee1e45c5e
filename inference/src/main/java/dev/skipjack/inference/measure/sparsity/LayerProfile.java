package dev.skipjack.inference.measure.sparsity;

import dev.skipjack.inference.measure.SelectionQuality;
import java.util.Optional;

/**
 * What the neurons of one layer did on a text.
 *
 * @param neurons how many there are; of one expert, in a mixture
 * @param magnitudes of the activations, which are the inputs of the down projection
 * @param network what is known where the layer is no mixture of experts
 */
public record LayerProfile(
    int neurons, MagnitudeDistribution magnitudes, Optional<Network> network) {
  /** Fraction of the activations that are exactly zero. */
  public double zeroRate() {
    return magnitudes.zeroRate();
  }

  /**
   * How few neurons would do, and which those are.
   *
   * @param cett the neurons left at the target CETT
   * @param loss the neurons left at the perplexity allowed for
   * @param neverActive for 1, 2, 4, ... tokens in a row, the fraction of neurons that never fire
   * @param hot how unevenly they fire
   * @param selection how well a method selects them
   */
  public record Network(
      Cut cett,
      Optional<Cut> loss,
      double[] neverActive,
      HotNeurons hot,
      Optional<SelectionQuality> selection) {}

  /**
   * Neurons whose output is large enough.
   *
   * @param threshold on {@code |a| ||w||}, {@code w} being the neuron's column of down
   * @param density mean fraction of neurons at or above it
   */
  public record Cut(float threshold, double density) {}
}
