package dev.skipjack.kernels;

import dev.skipjack.loader.container.PageAdvisor;
import dev.skipjack.loader.tensor.Tensor;
import dev.skipjack.loader.tensor.TensorType;
import java.util.List;

/**
 * A matrix in a file that does not stay in memory: what is read of it is announced first, so that
 * the disk is asked for many pages at once and not for one after the other, each when it is missed.
 */
final class PagedMatrix implements RowMatrix {
  /**
   * Most bytes of an announcement. Linux fetches only as much of a longer one as a device reads
   * ahead, of which 128 KiB is the usual least.
   */
  private static final long PIECE = 128L << 10;

  private final RowMatrix matrix;
  private final PageAdvisor advisor;
  private final Tensor tensor;
  private final List<Tensor> bundle;

  /**
   * @param matrix over the tensor
   * @param bundle whose rows are read when those of this matrix are, and are announced with them;
   *     empty if they were announced already
   */
  PagedMatrix(RowMatrix matrix, PageAdvisor advisor, Tensor tensor, List<Tensor> bundle) {
    this.matrix = matrix;
    this.advisor = advisor;
    this.tensor = tensor;
    this.bundle = bundle;
  }

  @Override
  public void multiply(
      Activations x, int tokens, int fromRow, int toRow, float[] y, int yOffset, int yStride) {
    announce(tensor, fromRow * tensor.rowBytes(), toRow * tensor.rowBytes());
    matrix.multiply(x, tokens, fromRow, toRow, y, yOffset, yStride);
  }

  @Override
  public void multiplyTransposed(
      Activations x, int tokens, int fromCol, int toCol, float[] y, int yOffset, int yStride) {
    announce(tensor, 0, tensor.byteSize());
    matrix.multiplyTransposed(x, tokens, fromCol, toCol, y, yOffset, yStride);
  }

  @Override
  public void multiplyRows(
      Activations x, int token, int[] rows, int from, int to, float[] y, int yOffset) {
    announceRows(rows, from, to);
    matrix.multiplyRows(x, token, rows, from, to, y, yOffset);
  }

  @Override
  public void addRows(
      float[] coefficients,
      int at,
      int[] rows,
      int count,
      int fromCol,
      int toCol,
      float[] y,
      int yOffset) {
    announceRows(rows, 0, count);
    matrix.addRows(coefficients, at, rows, count, fromCol, toCol, y, yOffset);
  }

  @Override
  public void sumRows(float[] coefficients, int at, int[] rows, int count, float[] sum, int sumAt) {
    announceRows(rows, 0, count);
    matrix.sumRows(coefficients, at, rows, count, sum, sumAt);
  }

  @Override
  public void addSum(float[] sum, int sumAt, int fromCol, int toCol, float[] y, int yOffset) {
    matrix.addSum(sum, sumAt, fromCol, toCol, y, yOffset);
  }

  @Override
  public int sumLength() {
    return matrix.sumLength();
  }

  private void announceRows(int[] rows, int from, int to) {
    for (int i = 0; i < bundle.size(); i++) {
      announceRows(bundle.get(i), rows, from, to);
    }
  }

  /** Rows that follow each other are announced together. */
  private void announceRows(Tensor rowMajor, int[] rows, int from, int to) {
    long rowBytes = rowMajor.rowBytes();
    for (int first = from, i = from + 1; first < to; i++) {
      if (i == to || rows[i] != rows[i - 1] + 1) {
        announce(rowMajor, rows[first] * rowBytes, (rows[i - 1] + 1) * rowBytes);
        first = i;
      }
    }
  }

  private void announce(Tensor rowMajor, long start, long end) {
    for (long at = start; at < end; at += PIECE) {
      advisor.soon(rowMajor.data(), at, Math.min(PIECE, end - at));
    }
  }

  @Override
  public void row(int row, float[] out, int outOffset) {
    matrix.row(row, out, outOffset);
  }

  @Override
  public int rows() {
    return matrix.rows();
  }

  @Override
  public int cols() {
    return matrix.cols();
  }

  @Override
  public TensorType type() {
    return matrix.type();
  }

  @Override
  public long byteSize() {
    return matrix.byteSize();
  }

  @Override
  public Input input() {
    return matrix.input();
  }

  @Override
  public int rowStep() {
    return matrix.rowStep();
  }

  @Override
  public int colStep() {
    return matrix.colStep();
  }
}
