package dev.skipjack.inference.layer;

import java.util.stream.IntStream;

/** Counts neurons and weight bytes, by layer and stage. Written by one worker at a time. */
public final class Density {
  private final long[][] computed;
  private final long[] total;
  private long bytesRead;
  private long bytesTotal;

  public Density(int layers) {
    this.computed = new long[Stage.values().length][layers];
    this.total = new long[layers];
  }

  /** Adds a branch evaluation in which the same neurons were computed at all stages. */
  public void record(int layer, long computedNeurons, long totalNeurons) {
    record(layer, computedNeurons, computedNeurons, computedNeurons, totalNeurons);
  }

  /**
   * Adds a branch evaluation.
   *
   * @param active neurons that contribute to the output
   */
  public void record(int layer, long gates, long ups, long active, long totalNeurons) {
    computed[Stage.GATE.ordinal()][layer] += gates;
    computed[Stage.UP.ordinal()][layer] += ups;
    computed[Stage.DOWN.ordinal()][layer] += active;
    total[layer] += totalNeurons;
  }

  /** Adds the weight bytes an evaluation read, and those that the dense one would have read. */
  public void read(long bytes, long denseBytes) {
    bytesRead += bytes;
    bytesTotal += denseBytes;
  }

  public int layers() {
    return total.length;
  }

  public long bytesRead() {
    return bytesRead;
  }

  public long bytesTotal() {
    return bytesTotal;
  }

  /** Fraction of a layer's neurons that reached a stage; 1 before any. */
  public double of(Stage stage, int layer) {
    return total[layer] == 0 ? 1 : (double) computed[stage.ordinal()][layer] / total[layer];
  }

  /** Mean over the first so many layers; 1 if there are none. */
  public double mean(Stage stage, int layers) {
    return IntStream.range(0, layers).mapToDouble(layer -> of(stage, layer)).average().orElse(1);
  }
}
