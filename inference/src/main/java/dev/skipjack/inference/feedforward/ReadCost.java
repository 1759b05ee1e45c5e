package dev.skipjack.inference.feedforward;

import dev.skipjack.inference.layer.RunningDensity;
import dev.skipjack.inference.layer.Stage;
import dev.skipjack.kernels.Matrix;
import dev.skipjack.kernels.Rows;
import dev.skipjack.loader.tensor.Tensor;
import dev.skipjack.loader.tensor.TensorType;
import dev.skipjack.models.spec.FeedForwardSpec.Dense;
import dev.skipjack.models.spec.LinearSpec;

/**
 * Estimates whether computing a layer neuron by neuron beats computing all of it. Costs are in
 * bytes streamed from memory. They are constants and counts, never timings, so that equal runs take
 * equal ways. Measured with 2 threads of a Zen 4 (AVX-512) on a gated layer of 2048 x 8192: Q4_0
 * with F32 copies of down breaks even at 55 to 60 % density; this estimate says 51 %. Immutable.
 */
final class ReadCost {
  /** Batches above this are compute-bound and read each weight once however many neurons fire. */
  private static final int MAX_TOKENS = 8;

  /** A byte read row by row in list order, against one that is streamed. */
  private static final float SCATTERED = 1.2f;

  /** The least that a weight of a block type costs: the time to decode it, as bytes. */
  private static final float DECODED_WEIGHT = 1.75f;

  private static final Stage[] STAGES = Stage.values();

  private final float[] byStage = new float[STAGES.length];
  private final float dense;

  /** Whether one token finds no faster way than single rows, even if it reads them all. */
  private final boolean rowsAreFastest;

  /**
   * @param down neuron-major
   */
  ReadCost(Dense spec, Rows down) {
    Tensor first = spec.gate().orElse(spec.up()).weight();
    byStage[Stage.GATE.ordinal()] = of(first);
    byStage[Stage.UP.ordinal()] = spec.gate().isPresent() ? of(spec.up().weight()) : 0;
    byStage[Stage.DOWN.ordinal()] =
        of(down.type(), down.byteSize(), down.rows() * (long) down.cols());
    // Rows that are packed are as fast as a packed matrix, and batches read the file.
    this.rowsAreFastest = down.input() == Matrix.Input.INT8_BLOCKS;
    this.dense =
        spec.gate().map(LinearSpec::weight).map(ReadCost::of).orElse(0f)
            + of(spec.up().weight())
            + of(spec.down().weight());
  }

  private static float of(Tensor weight) {
    return of(weight.type(), weight.byteSize(), weight.elementCount());
  }

  private static float of(TensorType type, long byteSize, long elements) {
    float decoding = type.isFloat() ? 0 : DECODED_WEIGHT * elements;
    return Math.max(byteSize, decoding);
  }

  /**
   * Whether to compute a batch neuron by neuron, judged by how many were active lately.
   *
   * @param preselects whether gates are computed for selected neurons only
   */
  boolean favoursNeurons(int tokens, boolean preselects, RunningDensity running, int layer) {
    if (tokens > MAX_TOKENS) {
      return false;
    }
    if (tokens == 1 && rowsAreFastest) {
      return true;
    }
    float streamed = 0;
    float scattered = 0;
    for (Stage stage : STAGES) {
      float cost = byStage[stage.ordinal()];
      if (stage == Stage.GATE && !preselects) {
        streamed += cost;
      } else {
        scattered += tokens * cost * running.of(stage, layer);
      }
    }
    // What a selector reads itself is not compared: a mask needs it as well.
    return streamed + SCATTERED * scattered < dense;
  }
}
