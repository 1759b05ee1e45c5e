package dev.skipjack.inference.feedforward;

import dev.skipjack.kernels.Activations;
import dev.skipjack.kernels.FloatKernels;
import dev.skipjack.kernels.KernelProvider;
import dev.skipjack.kernels.Matrix;
import dev.skipjack.kernels.Rows;
import dev.skipjack.models.spec.LinearSpec;
import java.util.Optional;

/** The rows of gate or up {@code [neurons x hidden]}, read only where asked for. Immutable. */
final class NeuronRows {
  private final FloatKernels floats;
  private final Rows rows;
  private final float[] bias;
  private final float scale;

  /**
   * @param rows of the weight
   */
  NeuronRows(KernelProvider kernels, LinearSpec spec, Rows rows) {
    this.floats = kernels.floats();
    this.rows = rows;
    this.bias = spec.bias().map(tensor -> tensor.toFloats()).orElse(new float[0]);
    this.scale = spec.scale();
  }

  /** Computes {@code y[yOffset + i]} for the neurons at {@code [from, to)} of a list. */
  void dots(Activations x, int token, int[] neurons, int from, int to, float[] y, int yOffset) {
    rows.multiplyRows(x, token, neurons, from, to, y, yOffset);
    if (scale != 1) {
      floats.scale(scale, y, yOffset + from, to - from);
    }
    if (bias.length > 0) {
      for (int i = from; i < to; i++) {
        y[yOffset + i] += bias[neurons[i]];
      }
    }
  }

  /** All of them at once, without scale and bias; see {@link Rows#whole}. */
  Optional<Matrix> whole() {
    return rows.whole();
  }

  boolean needsInt8() {
    return rows.input() == Matrix.Input.INT8_BLOCKS;
  }

  long rowBytes() {
    return rows.byteSize() / rows.rows();
  }
}
