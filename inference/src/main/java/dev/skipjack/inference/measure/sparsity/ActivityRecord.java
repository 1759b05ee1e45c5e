package dev.skipjack.inference.measure.sparsity;

import java.util.ArrayList;
import java.util.List;

/**
 * Which neurons fire for which tokens: how often each does, and which never do in a stretch of
 * text. A neuron fires if it is not zero and not below its threshold.
 */
final class ActivityRecord implements NeuronAnalysis {
  private final List<Layer> layers = new ArrayList<>();

  /**
   * @param firing by layer and neuron, the least magnitude that counts as firing
   * @param strong by layer and neuron, the least magnitude that counts for {@link #strongDensity}
   * @param longest tokens of the longest sequence
   */
  ActivityRecord(List<float[]> firing, List<float[]> strong, int longest) {
    for (int layer = 0; layer < firing.size(); layer++) {
      layers.add(new Layer(firing.get(layer), strong.get(layer), longest));
    }
  }

  @Override
  public void begin() {
    layers.forEach(layer -> layer.aggregated.begin());
  }

  @Override
  public void add(int layer, float[] neurons, int tokens) {
    layers.get(layer).add(neurons, tokens);
  }

  /** How often each neuron fired; do not modify. */
  long[] counts(int layer) {
    return layers.get(layer).counts;
  }

  /** Mean fraction of neurons that fire. */
  double density(int layer) {
    return layers.get(layer).density(layers.get(layer).fired);
  }

  /** Mean fraction of neurons that are strong. */
  double strongDensity(int layer) {
    return layers.get(layer).density(layers.get(layer).strongest);
  }

  AggregatedSparsity aggregated(int layer) {
    return layers.get(layer).aggregated;
  }

  private static final class Layer {
    private final float[] firing;
    private final float[] strong;
    private final long[] counts;
    private final AggregatedSparsity aggregated;
    private long fired;
    private long strongest;
    private long tokens;

    Layer(float[] firing, float[] strong, int longest) {
      this.firing = firing;
      this.strong = strong;
      this.counts = new long[firing.length];
      this.aggregated = new AggregatedSparsity(firing.length, longest);
    }

    void add(float[] neurons, int count) {
      for (int t = 0, at = 0; t < count; t++) {
        for (int i = 0; i < counts.length; i++, at++) {
          float magnitude = Math.abs(neurons[at]);
          if (magnitude != 0 && !(magnitude < firing[i])) {
            counts[i]++;
            fired++;
            aggregated.fire(i);
          }
          strongest += magnitude != 0 && !(magnitude < strong[i]) ? 1 : 0;
        }
        aggregated.endToken();
      }
      tokens += count;
    }

    double density(long neurons) {
      return (double) neurons / tokens / counts.length;
    }
  }
}
