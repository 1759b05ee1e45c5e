package dev.skipjack.inference.layer;

import dev.skipjack.kernels.FloatKernels;
import dev.skipjack.models.spec.LinearSpec;

/** What follows the matrix in a linear map: {@code y = scale y + b}. Immutable. */
public final class Affine {
  private final FloatKernels floats;
  private final float[] bias;
  private final float scale;

  public Affine(FloatKernels floats, LinearSpec spec) {
    this.floats = floats;
    this.bias = spec.bias().map(tensor -> tensor.toFloats()).orElse(new float[0]);
    this.scale = spec.scale();
  }

  /** Applies it to outputs {@code [from, to)} of a row that begins at {@code offset}. */
  public void apply(float[] y, int offset, int from, int to) {
    if (scale != 1) {
      floats.scale(scale, y, offset + from, to - from);
    }
    if (bias.length > 0) {
      floats.add(bias, from, y, offset + from, to - from);
    }
  }
}
