package dev.skipjack.inference.layer;

/** Counts neurons computed and neurons there were, by layer. Written by one worker. */
public final class Density {
  private final long[] computed;
  private final long[] total;

  public Density(int layers) {
    this.computed = new long[layers];
    this.total = new long[layers];
  }

  /** Adds one branch evaluation. */
  public void record(int layer, long computedNeurons, long totalNeurons) {
    computed[layer] += computedNeurons;
    total[layer] += totalNeurons;
  }

  public int layers() {
    return total.length;
  }

  /** Fraction of a layer's neurons that were computed; 1 before any. */
  public double of(int layer) {
    return total[layer] == 0 ? 1 : (double) computed[layer] / total[layer];
  }

  /** Mean over the layers. */
  public double mean() {
    double sum = 0;
    for (int layer = 0; layer < total.length; layer++) {
      sum += of(layer);
    }
    return sum / total.length;
  }
}
