package dev.skipjack.inference.layer;

/**
 * How dense each layer has been lately: an exponential average of the fraction of neurons that
 * reached each {@link Stage}. Written by the lead, read by all after a barrier. Counts alone go
 * into it, so decisions based on it do not depend on timing or on the number of workers.
 */
public final class RunningDensity {
  /** Share of a new observation: a memory of some sixteen steps. */
  private static final float WEIGHT = 1f / 16;

  private static final Stage[] STAGES = Stage.values();

  private final float[][] average;
  private final boolean[] seen;

  RunningDensity(int layers) {
    this.average = new float[Stage.values().length][layers];
    this.seen = new boolean[layers];
  }

  /** The fraction; 0 before anything was seen, so that sparsity gets its chance. */
  public float of(Stage stage, int layer) {
    return average[stage.ordinal()][layer];
  }

  /** Adds a step in which a layer of {@code total} neurons was counted by {@code active}. */
  public void add(int layer, ActiveSet active, long total) {
    float weight = seen[layer] ? WEIGHT : 1;
    for (Stage stage : STAGES) {
      float[] averages = average[stage.ordinal()];
      averages[layer] += weight * ((float) active.total(stage) / total - averages[layer]);
    }
    seen[layer] = true;
  }
}
