package dev.skipjack.inference.layer;

import dev.skipjack.kernels.Activations;
import dev.skipjack.kernels.FloatKernels;
import dev.skipjack.kernels.Matrix;
import dev.skipjack.models.spec.LinearSpec;

/** Reads every weight. */
final class DenseLinear implements Linear {
  private final Matrix matrix;
  private final Affine affine;

  DenseLinear(FloatKernels floats, Matrix matrix, LinearSpec spec) {
    this.matrix = matrix;
    this.affine = new Affine(floats, spec);
  }

  @Override
  public int outputs() {
    return matrix.rows();
  }

  @Override
  public int inputs() {
    return matrix.cols();
  }

  @Override
  public long byteSize() {
    return matrix.byteSize();
  }

  @Override
  public boolean needsInt8() {
    return matrix.input() == Matrix.Input.INT8_BLOCKS;
  }

  @Override
  public int step() {
    return matrix.rowStep();
  }

  @Override
  public void apply(Activations x, int tokens, int from, int to, float[] y, int yStride) {
    if (from == to) {
      return;
    }
    matrix.multiply(x, tokens, from, to, y, 0, yStride);
    for (int t = 0; t < tokens; t++) {
      affine.apply(y, t * yStride, from, to);
    }
  }
}
