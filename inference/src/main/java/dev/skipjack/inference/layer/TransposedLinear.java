package dev.skipjack.inference.layer;

import dev.skipjack.kernels.Activations;
import dev.skipjack.kernels.KernelProvider;
import dev.skipjack.kernels.RowMatrix;
import dev.skipjack.kernels.Rows;
import dev.skipjack.models.spec.LinearSpec;
import java.util.Arrays;
import java.util.stream.IntStream;

/**
 * Reads every weight of a matrix held as {@code [inputs x outputs]}: for one token a sum of its
 * rows, for more a product of which each weight is decoded once.
 */
final class TransposedLinear implements Linear {
  private final RowMatrix matrix;
  private final Rows rows;
  private final Affine affine;
  private final int[] all;

  TransposedLinear(KernelProvider kernels, LinearSpec spec) {
    this.matrix = kernels.matrix(spec.weight());
    this.rows = kernels.rows(spec.weight());
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
    return rows.byteSize();
  }

  @Override
  public boolean needsInt8() {
    return false;
  }

  @Override
  public int step() {
    return Math.max(matrix.colStep(), rows.colStep());
  }

  /** Single tokens read columns of rows. */
  @Override
  public boolean divisible() {
    return false;
  }

  @Override
  public void apply(Activations x, int tokens, int from, int to, float[] y, int yStride) {
    if (tokens == 1) {
      Arrays.fill(y, from, to, 0);
      rows.addRows(x.values(), 0, all, all.length, from, to, y, 0);
    } else {
      matrix.multiplyTransposed(x, tokens, from, to, y, 0, yStride);
    }
    for (int t = 0; t < tokens; t++) {
      affine.apply(y, t * yStride, from, to);
    }
  }
}
