package dev.skipjack.kernels.support;

import dev.skipjack.kernels.Activations;
import dev.skipjack.kernels.Matrix;
import dev.skipjack.kernels.RowPlaces;
import dev.skipjack.kernels.Rows;
import dev.skipjack.loader.tensor.Tensor;
import dev.skipjack.loader.tensor.TensorType;
import java.lang.foreign.MemorySegment;
import java.util.Objects;

/**
 * Rows in {@link BlockRows}. Dot products are those of int8 blocks, by integer arithmetic; sums of
 * rows are made in the order of the layout and put into that of the columns at the end.
 */
final class BlockRowMatrix implements Rows {
  /** Rows that are read ahead together. */
  private static final int AHEAD = 8;

  /** Rows that are added together. */
  private static final int ADDED = 4;

  private final String name;
  private final TensorType type;
  private final int rows;
  private final int cols;
  private final BlockRows layout;
  private final MemorySegment packed;
  private final float factor;
  private final long rowBytes;
  private final long first;
  private final long stride;
  private final int units;
  private final Pool<BlockInput> inputs;
  private final Pool<BlockSum> sums;

  BlockRowMatrix(
      Tensor tensor,
      BlockRows layout,
      MemorySegment packed,
      RowPlaces places,
      float factor,
      BlockBuffers buffers) {
    this.name = tensor.toString();
    this.type = tensor.type();
    this.rows = tensor.rows();
    this.cols = tensor.cols();
    this.layout = layout;
    this.packed = packed;
    this.factor = factor;
    int lanes = layout.lanes();
    this.units = (cols / BlockRows.BLOCK + lanes - 1) / lanes;
    this.rowBytes = layout.rowBytes(units);
    this.first = places.first();
    this.stride = places.stride();
    this.inputs = buffers.inputs(units);
    this.sums = buffers.sums(units);
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
    return rows * rowBytes;
  }

  @Override
  public Matrix.Input input() {
    return Matrix.Input.INT8_BLOCKS;
  }

  @Override
  public int colStep() {
    return BlockRows.BLOCK * layout.lanes();
  }

  @Override
  public void multiplyRows(
      Activations x, int token, int[] rowList, int from, int to, float[] y, int yOffset) {
    if (x.cols() != cols) {
      throw new IllegalArgumentException(
          "%s multiplies inputs of %d values, not %d".formatted(name, cols, x.cols()));
    }
    Objects.checkIndex(token, x.tokens());
    Objects.checkFromToIndex(yOffset + (long) from, yOffset + (long) to, y.length);
    checkRows(rowList, from, to);
    if (from == to) {
      return;
    }
    BlockInput input = inputs.take();
    layout.arrange(x, token, input);
    for (int i = from; i < to; i += AHEAD) {
      int end = Math.min(to, i + AHEAD);
      for (int j = i; j < end; j++) {
        long row = first + rowList[j] * stride;
        input.touched += layout.touch(packed, row, row + rowBytes);
      }
      for (int j = i; j < end; j++) {
        y[yOffset + j] = factor * layout.dot(packed, first + rowList[j] * stride, input);
      }
    }
    inputs.give(input);
  }

  @Override
  public void addRows(
      float[] coefficients,
      int at,
      int[] rowList,
      int count,
      int fromCol,
      int toCol,
      float[] y,
      int yOffset) {
    Objects.checkFromIndexSize(at, count, coefficients.length);
    Objects.checkFromToIndex(fromCol, toCol, cols);
    Objects.checkFromToIndex(yOffset + (long) fromCol, yOffset + (long) toCol, y.length);
    checkRows(rowList, 0, count);
    if (fromCol == toCol) {
      return;
    }
    int step = colStep();
    if (fromCol % step != 0 || toCol % step != 0 && toCol != cols) {
      throw new IllegalArgumentException(
          "%s: columns [%d, %d) are not cut at multiples of %d"
              .formatted(name, fromCol, toCol, step));
    }
    int fromUnit = fromCol / step;
    int toUnit = (toCol + step - 1) / step;
    BlockSum sum = sums.take();
    sum.clear(fromUnit, toUnit);
    add(coefficients, at, rowList, count, fromUnit, toUnit, sum);
    layout.addTo(sum, fromUnit, toUnit, factor, cols, y, yOffset);
    sums.give(sum);
  }

  private void add(
      float[] coefficients,
      int at,
      int[] rowList,
      int count,
      int fromUnit,
      int toUnit,
      BlockSum sum) {
    for (int i = 0; i < count; i += ADDED) {
      if (i % AHEAD == 0) {
        touch(rowList, i, Math.min(count, i + AHEAD), fromUnit, toUnit, sum);
      }
      // What is missing in the last four is the last row, times zero.
      int last = count - 1;
      int i1 = Math.min(i + 1, last);
      int i2 = Math.min(i + 2, last);
      int i3 = Math.min(i + 3, last);
      layout.axpy4(
          coefficients[at + i],
          i + 1 > last ? 0 : coefficients[at + i1],
          i + 2 > last ? 0 : coefficients[at + i2],
          i + 3 > last ? 0 : coefficients[at + i3],
          packed,
          first + rowList[i] * stride,
          first + rowList[i1] * stride,
          first + rowList[i2] * stride,
          first + rowList[i3] * stride,
          fromUnit,
          toUnit,
          sum);
    }
  }

  private void touch(int[] rowList, int from, int to, int fromUnit, int toUnit, BlockSum sum) {
    int weights = layout.weightBytes();
    long scales = (long) units * weights;
    for (int i = from; i < to; i++) {
      long row = first + rowList[i] * stride;
      sum.touched +=
          layout.touch(packed, row + (long) fromUnit * weights, row + (long) toUnit * weights);
      sum.touched +=
          layout.touch(
              packed,
              row + scales + (long) fromUnit * layout.scaleBytes(),
              row + scales + (long) toUnit * layout.scaleBytes());
    }
  }

  private void checkRows(int[] rowList, int from, int to) {
    Objects.checkFromToIndex(from, to, rowList.length);
    for (int i = from; i < to; i++) {
      Objects.checkIndex(rowList[i], rows);
    }
  }

  @Override
  public String toString() {
    return "rows of " + name;
  }
}
