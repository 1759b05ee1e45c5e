package dev.skipjack.inference.measure.sparsity;

import dev.skipjack.kernels.Activations;
import java.util.ArrayList;
import java.util.List;

/** How large the activations of a mixture's experts are, for the tokens that were sent to them. */
final class ExpertSurvey implements Watcher {
  private final List<MagnitudeDistribution> layers = new ArrayList<>();

  ExpertSurvey(int layers) {
    for (int layer = 0; layer < layers; layer++) {
      this.layers.add(new MagnitudeDistribution());
    }
  }

  @Override
  public void expertNeurons(int layer, int expert, Activations neurons, int tokens) {
    neurons(layer, neurons, tokens);
  }

  @Override
  public void neurons(int layer, Activations neurons, int tokens) {
    MagnitudeDistribution magnitudes = layers.get(layer);
    for (int i = 0; i < tokens * neurons.cols(); i++) {
      magnitudes.add(neurons.values()[i]);
    }
  }

  List<MagnitudeDistribution> layers() {
    return layers;
  }
}
