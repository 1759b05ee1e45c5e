package dev.skipjack.kernels.support;

import dev.skipjack.loader.tensor.Tensor;

/**
 * A matrix over {@link SpanKernels}: row by row for one token; for many tokens each weight is
 * decoded once, into panels that meet all of them.
 */
public final class SpanMatrix extends TensorMatrix {
  /** Columns of a split must suit every vector width, so that only the last one has a tail. */
  private static final int COL_STEP = 64;

  private final SpanKernels spans;
  private final PanelProduct product;
  private final ScratchPool pool;
  private final PanelProduct.Weights panels = this::decodePanel;
  private final PanelProduct.Weights transposedPanels = this::decodeTransposed;

  /**
   * @param pool of at least {@link PanelProduct#turnLength} floats
   */
  public SpanMatrix(Tensor tensor, SpanKernels spans, PanelProduct product, ScratchPool pool) {
    super(tensor);
    this.spans = spans;
    this.product = product;
    this.pool = pool;
  }

  @Override
  public int colStep() {
    return Math.max(COL_STEP, type().blockLength());
  }

  @Override
  protected void uncheckedMultiply(
      float[] x, int tokens, int fromRow, int toRow, float[] y, int yOffset, int yStride) {
    if (tokens == 1) {
      long offset = rowOffset(fromRow);
      spans.dots(data, offset, rowBytes, toRow - fromRow, cols, x, 0, y, yOffset + fromRow);
      return;
    }
    int step = type().blockLength();
    product.multiply(panels, cols, step, x, tokens, fromRow, toRow, y, yOffset, yStride);
  }

  /** Decodes row after row, and turns some at a time into columns of the panel. */
  private void decodePanel(int row, int height, int col, int width, float[] panel) {
    long skipped = type().byteSize(col);
    int turned = product.turned();
    float[] space = pool.take();
    for (int r = 0; r < height; r += turned) {
      int count = Math.min(turned, height - r);
      for (int i = 0; i < count; i++) {
        int to = i * PanelKernel.COLS;
        spans.decode(data, rowOffset(row + r + i) + skipped, width, space, to);
      }
      product.turn(space, width, panel, r);
    }
    pool.give(space);
  }

  @Override
  protected void uncheckedMultiplyRows(
      float[] x, int xOffset, int[] rowList, int from, int to, float[] y, int yOffset) {
    for (int i = from; i < to; i++) {
      y[yOffset + i] = spans.dot(data, rowOffset(rowList[i]), cols, x, xOffset);
    }
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
    long skipped = type().byteSize(fromCol);
    int length = toCol - fromCol;
    int i = 0;
    for (; i + 4 <= count; i += 4) {
      spans.axpy4(
          coefficients[at + i],
          coefficients[at + i + 1],
          coefficients[at + i + 2],
          coefficients[at + i + 3],
          data,
          rowOffset(rowList[i]) + skipped,
          rowOffset(rowList[i + 1]) + skipped,
          rowOffset(rowList[i + 2]) + skipped,
          rowOffset(rowList[i + 3]) + skipped,
          length,
          y,
          yAt + fromCol);
    }
    for (; i < count; i++) {
      long offset = rowOffset(rowList[i]) + skipped;
      spans.axpy(coefficients[at + i], data, offset, length, y, yAt + fromCol);
    }
  }

  @Override
  protected void uncheckedMultiplyTransposed(
      float[] x, int tokens, int fromCol, int toCol, float[] y, int yOffset, int yStride) {
    product.multiply(transposedPanels, rows, 1, x, tokens, fromCol, toCol, y, yOffset, yStride);
  }

  /** Decodes a piece of row after row, which is a column of the panel: whole blocks around it. */
  private void decodeTransposed(int col, int width, int row, int height, float[] panel) {
    int block = type().blockLength();
    int from = col - col % block;
    int count = Math.min(cols, (col + width + block - 1) / block * block) - from;
    long skipped = type().byteSize(from);
    float[] decoded = pool.take();
    for (int r = 0; r < height; r++) {
      spans.decode(data, rowOffset(row + r) + skipped, count, decoded, 0);
      System.arraycopy(decoded, col - from, panel, r * product.rows(), width);
    }
    pool.give(decoded);
  }

  @Override
  protected void uncheckedRow(int row, float[] out, int outOffset) {
    spans.decode(data, rowOffset(row), cols, out, outOffset);
  }
}
