package dev.skipjack.kernels.support;

import dev.skipjack.kernels.Activations;
import dev.skipjack.kernels.Matrix;
import dev.skipjack.loader.tensor.Tensor;
import dev.skipjack.loader.tensor.TensorType;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.Objects;

/**
 * A matrix in {@link RowGroups}. One token is multiplied as int8 blocks, by integer arithmetic; for
 * several each weight is decoded once, into a lent panel that {@link PanelKernel} multiplies with
 * all of them.
 */
final class RowGroupMatrix implements Matrix {
  private final String name;
  private final TensorType type;
  private final int rows;
  private final int cols;
  private final RowGroups layout;
  private final MemorySegment packed;
  private final float factor;
  private final PanelKernel panels;
  private final ScratchPool pool;
  private final int units;
  private final long groupBytes;
  private final int panelUnits;

  RowGroupMatrix(
      Tensor tensor,
      RowGroups layout,
      MemorySegment packed,
      float factor,
      PanelKernel panels,
      ScratchPool pool) {
    this.name = tensor.toString();
    this.type = tensor.type();
    this.rows = tensor.rows();
    this.cols = tensor.cols();
    this.layout = layout;
    this.packed = packed;
    this.factor = factor;
    this.panels = panels;
    this.pool = pool;
    this.units = cols / type.blockLength();
    this.groupBytes = layout.groupBytes(units);
    this.panelUnits = PanelKernel.COLS / type.blockLength();
  }

  @Override
  public int rows() {
    return rows;
  }

  @Override
  public int cols() {
    return cols;
  }

  @Override
  public TensorType type() {
    return type;
  }

  @Override
  public long byteSize() {
    return packed.byteSize();
  }

  @Override
  public Input input() {
    return Input.INT8_BLOCKS;
  }

  @Override
  public int rowStep() {
    return RowGroups.ABREAST * layout.lanes();
  }

  @Override
  public void multiply(
      Activations x, int tokens, int fromRow, int toRow, float[] y, int yOffset, int yStride) {
    check(x, tokens, fromRow, toRow);
    if (tokens == 0 || fromRow == toRow) {
      return;
    }
    long last = yOffset + (tokens - 1L) * yStride;
    Objects.checkFromToIndex(yOffset + (long) fromRow, yOffset + (long) toRow, y.length);
    Objects.checkFromToIndex(last + fromRow, last + toRow, y.length);
    if (tokens == 1) {
      multiplyOne(x, fromRow, toRow, y, yOffset);
    } else {
      multiplyMany(x, tokens, fromRow, toRow, y, yOffset, yStride);
    }
  }

  private void multiplyOne(Activations x, int fromRow, int toRow, float[] y, int yOffset) {
    int step = rowStep();
    int row = fromRow;
    for (; row + step <= toRow; row += step) {
      multiplyGroups(row, groupBytes, x, y, yOffset + row);
    }
    if (row < toRow) {
      multiplyLast(row, x, y, yOffset);
    }
  }

  /** The last groups of the matrix, one by one. */
  private void multiplyLast(int fromRow, Activations x, float[] y, int yOffset) {
    float[] scratch = pool.take();
    for (int row = fromRow; row < rows; row += layout.lanes()) {
      multiplyGroups(row, 0, x, scratch, 0);
      int count = Math.min(layout.lanes(), rows - row);
      System.arraycopy(scratch, 0, y, yOffset + row, count);
    }
    pool.give(scratch);
  }

  private void multiplyGroups(int row, long stride, Activations x, float[] y, int yAt) {
    long at = row / layout.lanes() * groupBytes;
    layout.multiply(packed, at, stride, units, x, 0, factor, y, yAt);
  }

  private void multiplyMany(
      Activations x, int tokens, int fromRow, int toRow, float[] y, int yOffset, int yStride) {
    for (int token = 0; token < tokens; token++) {
      int at = yOffset + token * yStride;
      Arrays.fill(y, at + fromRow, at + toRow, 0);
    }
    int stride = panels.rows();
    float[] panel = pool.take();
    for (int row = fromRow; row < toRow; row += stride) {
      int height = Math.min(stride, toRow - row);
      for (int unit = 0; unit < units; unit += panelUnits) {
        int width = Math.min(panelUnits, units - unit);
        decodePanel(row, height, unit, width, panel);
        int col = unit * type.blockLength();
        panels.multiply(
            panel,
            height,
            width * type.blockLength(),
            x.values(),
            col,
            x.cols(),
            tokens,
            y,
            yOffset + row,
            yStride);
      }
    }
    pool.give(panel);
  }

  private void decodePanel(int row, int height, int unit, int width, float[] panel) {
    for (int r = 0; r < height; r += layout.lanes()) {
      long at = (row + r) / layout.lanes() * groupBytes + unit * layout.unitBytes();
      layout.decode(packed, at, width, factor, panel, r, panels.rows());
    }
  }

  private void check(Activations x, int tokens, int fromRow, int toRow) {
    if (x.cols() != cols) {
      throw new IllegalArgumentException(
          "%s multiplies inputs of %d values, not %d".formatted(name, cols, x.cols()));
    }
    Objects.checkFromToIndex(0, tokens, x.tokens());
    Objects.checkFromToIndex(fromRow, toRow, rows);
    if (fromRow % rowStep() != 0 || toRow % rowStep() != 0 && toRow != rows) {
      throw new IllegalArgumentException(
          "%s: rows [%d, %d) are not cut at multiples of %d"
              .formatted(name, fromRow, toRow, rowStep()));
    }
  }

  @Override
  public String toString() {
    return "packed " + name;
  }
}
