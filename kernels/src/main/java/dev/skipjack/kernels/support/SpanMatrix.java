package dev.skipjack.kernels.support;

import dev.skipjack.loader.tensor.Tensor;
import java.util.Arrays;

/**
 * A matrix over {@link SpanKernels}: row by row for one token; for many tokens each weight is
 * decoded once, into a lent panel that {@link PanelKernel} multiplies with all of them.
 */
public final class SpanMatrix extends TensorMatrix {
  /** Columns of a split must suit every vector width, so that only the last one has a tail. */
  private static final int COL_STEP = 64;

  private final SpanKernels spans;
  private final PanelKernel panels;
  private final ScratchPool pool;
  private final int chunk;

  /**
   * @param pool of at least {@link PanelKernel#scratch()} floats and {@link PanelKernel#COLS} more
   */
  public SpanMatrix(Tensor tensor, SpanKernels spans, PanelKernel panels, ScratchPool pool) {
    super(tensor);
    this.spans = spans;
    this.panels = panels;
    this.pool = pool;
    this.chunk = PanelKernel.COLS - PanelKernel.COLS % type().blockLength();
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
    for (int token = 0; token < tokens; token++) {
      int at = yOffset + token * yStride;
      Arrays.fill(y, at + fromRow, at + toRow, 0);
    }
    float[] panel = pool.take();
    for (int row = fromRow; row < toRow; row += panels.rows()) {
      int height = Math.min(panels.rows(), toRow - row);
      for (int col = 0; col < cols; col += chunk) {
        int width = Math.min(chunk, cols - col);
        decodePanel(row, height, col, width, panel);
        panels.multiply(panel, height, width, x, col, cols, tokens, y, yOffset + row, yStride);
      }
    }
    pool.give(panel);
  }

  /** Decodes row after row behind the panel, and turns each into a column of it. */
  private void decodePanel(int row, int height, int col, int width, float[] panel) {
    long skipped = type().byteSize(col);
    int rowAt = panels.scratch();
    for (int r = 0; r < height; r++) {
      spans.decode(data, rowOffset(row + r) + skipped, width, panel, rowAt);
      spread(panel, rowAt, width, r, panels.rows());
    }
  }

  private static void spread(float[] panel, int from, int count, int to, int stride) {
    for (int c = 0; c < count; c++) {
      panel[to + c * stride] = panel[from + c];
    }
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
  protected void uncheckedRow(int row, float[] out, int outOffset) {
    spans.decode(data, rowOffset(row), cols, out, outOffset);
  }
}
