package dev.skipjack.kernels.scalar;

import dev.skipjack.kernels.FloatKernels;
import dev.skipjack.kernels.support.ScratchPool;
import dev.skipjack.kernels.support.TensorMatrix;
import dev.skipjack.loader.tensor.Tensor;

/** A matrix of any tensor type, through its codec. */
final class ScalarMatrix extends TensorMatrix {
  private final CodecSpans spans;
  private final ScratchPool pool;

  /**
   * @param pool of at least {@link CodecSpans#SCRATCH} floats
   */
  ScalarMatrix(Tensor tensor, FloatKernels floats, ScratchPool pool) {
    super(tensor);
    this.spans = new CodecSpans(tensor.type(), floats);
    this.pool = pool;
  }

  @Override
  public int colStep() {
    return type().blockLength();
  }

  @Override
  protected void uncheckedMultiply(
      float[] x, int tokens, int fromRow, int toRow, float[] y, int yOffset, int yStride) {
    float[] scratch = pool.take();
    for (int row = fromRow; row < toRow; row++) {
      spans.dots(data, rowOffset(row), cols, x, tokens, y, yOffset + row, yStride, scratch);
    }
    pool.give(scratch);
  }

  @Override
  protected void uncheckedMultiplyRows(
      float[] x, int xOffset, int[] rowList, int from, int to, float[] y, int yOffset) {
    float[] scratch = pool.take();
    for (int i = from; i < to; i++) {
      y[yOffset + i] = spans.dot(data, rowOffset(rowList[i]), cols, x, xOffset, scratch);
    }
    pool.give(scratch);
  }

  @Override
  protected void uncheckedAddRows(
      float[] coefficients,
      int at,
      int[] rowList,
      int count,
      int fromCol,
      int toCol,
      float[] y,
      int yAt) {
    float[] scratch = pool.take();
    long skipped = type().byteSize(fromCol);
    for (int i = 0; i < count; i++) {
      long offset = rowOffset(rowList[i]) + skipped;
      spans.axpy(coefficients[at + i], data, offset, toCol - fromCol, y, yAt + fromCol, scratch);
    }
    pool.give(scratch);
  }

  @Override
  protected void uncheckedRow(int row, float[] out, int outOffset) {
    type().codec().decode(data, rowOffset(row), out, outOffset, cols);
  }
}
