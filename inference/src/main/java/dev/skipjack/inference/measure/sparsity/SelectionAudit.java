package dev.skipjack.inference.measure.sparsity;

import dev.skipjack.inference.measure.SelectionQuality;
import dev.skipjack.kernels.Activations;
import java.util.Arrays;
import java.util.List;

/** Counts how many of the neurons that fired a selection method would have computed. */
final class SelectionAudit implements Watcher {
  private final SelectionQuality[] layers;
  private long active;

  SelectionAudit(int layers) {
    this.layers = new SelectionQuality[layers];
    Arrays.fill(this.layers, new SelectionQuality(0, 0, 0, 0));
  }

  @Override
  public void neurons(int layer, Activations neurons, int tokens) {
    active = nonZero(neurons, tokens);
  }

  @Override
  public void selected(int layer, Activations kept, int tokens, long selected) {
    long all = (long) tokens * kept.cols();
    layers[layer] =
        layers[layer].plus(new SelectionQuality(all, active, selected, nonZero(kept, tokens)));
  }

  private static long nonZero(Activations neurons, int tokens) {
    float[] values = neurons.values();
    long count = 0;
    for (int i = 0; i < tokens * neurons.cols(); i++) {
      count += values[i] != 0 ? 1 : 0;
    }
    return count;
  }

  List<SelectionQuality> layers() {
    return List.of(layers);
  }
}
