package dev.skipjack.kernels.support;

import dev.skipjack.kernels.Activations;
import dev.skipjack.kernels.RowMatrix;
import dev.skipjack.loader.tensor.Tensor;
import dev.skipjack.loader.tensor.TensorType;
import java.lang.foreign.MemorySegment;
import java.util.Objects;

/**
 * A matrix over a tensor's own bytes. Checks every argument once per call, so that the {@code
 * unchecked} methods of subclasses need not look again: their indices and ranges are valid.
 */
public abstract class TensorMatrix implements RowMatrix {
  protected final MemorySegment data;
  protected final int rows;
  protected final int cols;
  protected final long rowBytes;
  private final Tensor tensor;

  protected TensorMatrix(Tensor tensor) {
    this.tensor = tensor;
    this.data = tensor.data();
    this.rows = tensor.rows();
    this.cols = tensor.cols();
    this.rowBytes = tensor.rowBytes();
  }

  /** {@link #multiply} for valid arguments and at least one row and one token. */
  protected abstract void uncheckedMultiply(
      float[] x, int tokens, int fromRow, int toRow, float[] y, int yOffset, int yStride);

  /** {@link #multiplyRows} for valid arguments. */
  protected abstract void uncheckedMultiplyRows(
      float[] x, int xOffset, int[] rowList, int from, int to, float[] y, int yOffset);

  /** {@link #addRows} for valid arguments. */
  protected abstract void uncheckedAddRows(
      float[] coefficients,
      int at,
      int[] rowList,
      int count,
      int fromCol,
      int toCol,
      float[] y,
      int yAt);

  /** {@link #multiplyTransposed} for valid arguments and at least one column and one token. */
  protected abstract void uncheckedMultiplyTransposed(
      float[] x, int tokens, int fromCol, int toCol, float[] y, int yOffset, int yStride);

  /** {@link #row} for valid arguments. */
  protected abstract void uncheckedRow(int row, float[] out, int outOffset);

  /** Byte offset of a row in {@link #data}. */
  protected final long rowOffset(int row) {
    return row * rowBytes;
  }

  @Override
  public final void multiply(
      Activations x, int tokens, int fromRow, int toRow, float[] y, int yOffset, int yStride) {
    if (MatrixArguments.check(tensor, this, x, tokens, fromRow, toRow, y, yOffset, yStride)) {
      uncheckedMultiply(x.values(), tokens, fromRow, toRow, y, yOffset, yStride);
    }
  }

  @Override
  public final void multiplyRows(
      Activations x, int token, int[] rowList, int from, int to, float[] y, int yOffset) {
    MatrixArguments.checkInput(tensor, cols, x);
    Objects.checkIndex(token, x.tokens());
    Objects.checkFromToIndex(yOffset + (long) from, yOffset + (long) to, y.length);
    checkRows(rowList, from, to);
    uncheckedMultiplyRows(x.values(), token * cols, rowList, from, to, y, yOffset);
  }

  @Override
  public final void addRows(
      float[] coefficients,
      int at,
      int[] rowList,
      int count,
      int fromCol,
      int toCol,
      float[] y,
      int yAt) {
    Objects.checkFromIndexSize(at, count, coefficients.length);
    Objects.checkFromToIndex(fromCol, toCol, cols);
    Objects.checkFromToIndex(yAt + (long) fromCol, yAt + (long) toCol, y.length);
    checkRows(rowList, 0, count);
    if (fromCol == toCol) {
      return;
    }
    checkCut(fromCol, toCol);
    uncheckedAddRows(coefficients, at, rowList, count, fromCol, toCol, y, yAt);
  }

  @Override
  public final int sumLength() {
    return cols;
  }

  @Override
  public final void sumRows(
      float[] coefficients, int at, int[] rowList, int count, float[] sum, int sumAt) {
    addRows(coefficients, at, rowList, count, 0, cols, sum, sumAt);
  }

  @Override
  public final void addSum(float[] sum, int sumAt, int fromCol, int toCol, float[] y, int yAt) {
    Objects.checkFromToIndex(fromCol, toCol, cols);
    Objects.checkFromToIndex(sumAt + (long) fromCol, sumAt + (long) toCol, sum.length);
    Objects.checkFromToIndex(yAt + (long) fromCol, yAt + (long) toCol, y.length);
    for (int c = fromCol; c < toCol; c++) {
      y[yAt + c] += sum[sumAt + c];
    }
  }

  @Override
  public final void multiplyTransposed(
      Activations x, int tokens, int fromCol, int toCol, float[] y, int yOffset, int yStride) {
    if (x.cols() != rows) {
      throw new IllegalArgumentException(
          "%s from its other side multiplies inputs of %d values, not %d"
              .formatted(tensor, rows, x.cols()));
    }
    Objects.checkFromToIndex(0, tokens, x.tokens());
    Objects.checkFromToIndex(fromCol, toCol, cols);
    if (tokens == 0 || fromCol == toCol) {
      return;
    }
    long last = yOffset + (tokens - 1L) * yStride;
    Objects.checkFromToIndex(yOffset + (long) fromCol, yOffset + (long) toCol, y.length);
    Objects.checkFromToIndex(last + fromCol, last + toCol, y.length);
    checkCut(fromCol, toCol);
    uncheckedMultiplyTransposed(x.values(), tokens, fromCol, toCol, y, yOffset, yStride);
  }

  @Override
  public final void row(int row, float[] out, int outOffset) {
    Objects.checkIndex(row, rows);
    Objects.checkFromIndexSize(outOffset, cols, out.length);
    uncheckedRow(row, out, outOffset);
  }

  @Override
  public final int rows() {
    return rows;
  }

  @Override
  public final int cols() {
    return cols;
  }

  @Override
  public final TensorType type() {
    return tensor.type();
  }

  @Override
  public final long byteSize() {
    return data.byteSize();
  }

  @Override
  public final Input input() {
    return Input.FLOATS;
  }

  @Override
  public int rowStep() {
    return 1;
  }

  @Override
  public final String toString() {
    return getClass().getSimpleName() + " " + tensor;
  }

  private void checkCut(int fromCol, int toCol) {
    if (fromCol % colStep() != 0 || toCol % colStep() != 0 && toCol != cols) {
      throw new IllegalArgumentException(
          "%s: columns [%d, %d) are not cut at multiples of %d"
              .formatted(tensor, fromCol, toCol, colStep()));
    }
  }

  private void checkRows(int[] rowList, int from, int to) {
    Objects.checkFromToIndex(from, to, rowList.length);
    for (int i = from; i < to; i++) {
      Objects.checkIndex(rowList[i], rows);
    }
  }
}
