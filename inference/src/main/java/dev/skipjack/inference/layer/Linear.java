package dev.skipjack.inference.layer;

import dev.skipjack.kernels.Activations;
import dev.skipjack.kernels.FloatKernels;
import dev.skipjack.kernels.KernelProvider;
import dev.skipjack.kernels.Matrix;
import dev.skipjack.kernels.team.Worker;
import dev.skipjack.models.spec.LinearSpec;

/** A linear map {@code y = scale W x + b} bound to kernels. Immutable; workers share it. */
public final class Linear {
  private final FloatKernels floats;
  private final Matrix matrix;
  private final float[] bias;
  private final float scale;

  public Linear(KernelProvider kernels, LinearSpec spec) {
    this.floats = kernels.floats();
    this.matrix = kernels.matrix(spec.weight());
    this.bias = spec.bias().map(tensor -> tensor.toFloats()).orElse(new float[0]);
    this.scale = spec.scale();
  }

  public int outputs() {
    return matrix.rows();
  }

  public int inputs() {
    return matrix.cols();
  }

  /** Bytes of weights. */
  public long byteSize() {
    return matrix.byteSize();
  }

  /** Whether {@link Activations#quants} must be filled in before. */
  public boolean needsInt8() {
    return matrix.input() == Matrix.Input.INT8_BLOCKS;
  }

  /** Ranges of outputs start at multiples of this. */
  public int step() {
    return matrix.rowStep();
  }

  /**
   * Computes this worker's share of the outputs of every token into {@code y [tokens x yStride]}.
   */
  public void apply(Worker worker, Activations x, int tokens, float[] y, int yStride) {
    apply(x, tokens, worker.from(outputs(), step()), worker.to(outputs(), step()), y, yStride);
  }

  /** Computes outputs {@code [from, to)} of every token into {@code y [tokens x yStride]}. */
  public void apply(Activations x, int tokens, int from, int to, float[] y, int yStride) {
    if (from == to) {
      return;
    }
    matrix.multiply(x, tokens, from, to, y, 0, yStride);
    for (int t = 0; t < tokens; t++) {
      if (scale != 1) {
        floats.scale(scale, y, t * yStride + from, to - from);
      }
      if (bias.length > 0) {
        floats.add(bias, from, y, t * yStride + from, to - from);
      }
    }
  }
}
