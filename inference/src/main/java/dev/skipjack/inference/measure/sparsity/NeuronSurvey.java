package dev.skipjack.inference.measure.sparsity;

import java.util.ArrayList;
import java.util.List;

/**
 * The first look at all activations: how large they are, and the candidates for a threshold on
 * neuron outputs {@code n = |a| ||w||}, {@code w} being the neuron's column of down. As in the
 * Sparsing Law's code (arXiv 2411.02335) these are 65,536 values at equal distances from the
 * smallest {@code n} to the 0.99 quantile of every {@code stride}-th one, {@code stride = max(count
 * / 65536, 1)}.
 */
final class NeuronSurvey implements NeuronAnalysis {
  static final int CANDIDATES = 65_536;

  private static final double LAST_QUANTILE = 0.99;

  private final List<Layer> layers = new ArrayList<>();

  private static final class Layer {
    private final MagnitudeDistribution magnitudes = new MagnitudeDistribution();
    private final float[] norms;
    private final float[] sample;
    private final long stride;
    private long seen;
    private int sampled;
    private float smallest = Float.POSITIVE_INFINITY;

    Layer(float[] norms, long tokens) {
      long count = tokens * norms.length;
      this.norms = norms;
      this.stride = Math.max(count / CANDIDATES, 1);
      this.sample = new float[Math.toIntExact(Math.ceilDiv(count, stride))];
    }

    void add(float[] neurons, int tokens) {
      for (int t = 0, at = 0; t < tokens; t++) {
        for (int i = 0; i < norms.length; i++, at++, seen++) {
          magnitudes.add(neurons[at]);
          float output = Math.abs(neurons[at]) * norms[i];
          smallest = Math.min(smallest, output);
          if (seen % stride == 0) {
            sample[sampled++] = output;
          }
        }
      }
    }

    float[] candidates() {
      double largest = Samples.quantile(sample.clone(), LAST_QUANTILE);
      float[] candidates = new float[CANDIDATES];
      for (int i = 0; i < CANDIDATES; i++) {
        candidates[i] = (float) (smallest + (largest - smallest) * i / (CANDIDATES - 1));
      }
      return candidates;
    }
  }

  /**
   * @param norms by layer, of the neurons' columns of down
   * @param tokens that will be looked at, in all
   */
  NeuronSurvey(List<float[]> norms, long tokens) {
    norms.forEach(layer -> layers.add(new Layer(layer, tokens)));
  }

  @Override
  public void add(int layer, float[] neurons, int tokens) {
    layers.get(layer).add(neurons, tokens);
  }

  MagnitudeDistribution magnitudes(int layer) {
    return layers.get(layer).magnitudes;
  }

  /** Ascending, {@link #CANDIDATES} of them. */
  float[] candidates(int layer) {
    return layers.get(layer).candidates();
  }
}
