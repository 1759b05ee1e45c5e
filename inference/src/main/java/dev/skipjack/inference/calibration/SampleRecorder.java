package dev.skipjack.inference.calibration;

import dev.skipjack.inference.layer.Observer;
import dev.skipjack.kernels.Activations;
import dev.skipjack.models.spec.FeedForwardSpec.PredictorSpec.Input;
import java.util.Map;

/** Keeps what predictors of some layers are to learn. */
final class SampleRecorder implements Observer {
  private final Input kind;
  private final Map<Integer, NeuronSamples> samples;
  private float[] inputs = new float[0];

  /**
   * @param samples by layer; other layers are not recorded
   */
  SampleRecorder(Input kind, Map<Integer, NeuronSamples> samples) {
    this.kind = kind;
    this.samples = Map.copyOf(samples);
  }

  @Override
  public void feedForwardInput(int layer, float[] residual, Activations normed, int tokens) {
    // Both stay as they are until the branch is added, which comes after the neurons.
    inputs = kind == Input.RESIDUAL ? residual : normed.values();
  }

  @Override
  public void neurons(int layer, Activations neurons, int tokens) {
    NeuronSamples kept = samples.get(layer);
    if (kept != null) {
      for (int t = 0; t < tokens; t++) {
        kept.add(inputs, t * kept.hidden(), neurons.values(), t * neurons.cols());
      }
    }
  }
}
