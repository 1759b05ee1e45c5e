package dev.skipjack.inference.layer;

import dev.skipjack.kernels.Activations;
import dev.skipjack.kernels.KernelProvider;
import dev.skipjack.kernels.RowMatrix;
import dev.skipjack.models.spec.LinearSpec;
import java.util.Arrays;
import java.util.stream.IntStream;

/** Reads every weight of a matrix held as {@code [inputs x outputs]}: a sum of its rows. */
final class TransposedLinear implements Linear {
  private final RowMatrix matrix;
  private final Affine affine;
  private final int[] all;

  TransposedLinear(KernelProvider kernels, LinearSpec spec) {
    this.matrix = kernels.matrix(spec.weight());
    this.affine = new Affine(kernels.floats(), spec);
    this.all = IntStream.range(0, matrix.rows()).toArray();
  }

  @Override
  public int outputs() {
    return matrix.cols();
  }

  @Override
  public int inputs() {
    return matrix.rows();
  }

  @Override
  public long byteSize() {
    return matrix.byteSize();
  }

  @Override
  public boolean needsInt8() {
    return false;
  }

  @Override
  public int step() {
    return matrix.colStep();
  }

  @Override
  public void apply(Activations x, int tokens, int from, int to, float[] y, int yStride) {
    for (int t = 0; t < tokens; t++) {
      int out = t * yStride;
      Arrays.fill(y, out + from, out + to, 0);
      matrix.addRows(x.values(), t * x.cols(), all, all.length, from, to, y, out);
      affine.apply(y, out, from, to);
    }
  }
}
