package dev.skipjack.kernels.support;

import dev.skipjack.kernels.Activations;
import dev.skipjack.kernels.Matrix;
import dev.skipjack.kernels.RowPlaces;
import dev.skipjack.kernels.Rows;
import dev.skipjack.loader.tensor.Tensor;
import dev.skipjack.loader.tensor.TensorType;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * Rows in {@link BlockRows}. Dot products are those of int8 blocks, by integer arithmetic; sums of
 * rows are made in the order of the layout and put into that of the columns at the end.
 */
final class BlockRowMatrix implements Rows {
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

  /** Bytes that are read ahead of a dot product: the row's, and what follows it. */
  private final long aheadBytes;

  /** Whether rows that are summed were read ahead with others. */
  private final boolean ahead;

  private final int units;

  /** {@link BlockRows#column} of every value. */
  private final int[] columns;

  private final Pool<BlockInput> inputs;
  private final Pool<BlockSum> sums;
  private final Optional<Matrix> whole;

  BlockRowMatrix(
      Tensor tensor,
      BlockRows layout,
      MemorySegment packed,
      RowPlaces places,
      float factor,
      BlockBuffers buffers,
      BlockPanelProduct product) {
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
    this.aheadBytes = rowBytes + places.following();
    this.ahead = places.ahead();
    this.columns = IntStream.range(0, BlockRows.BLOCK).map(layout::column).toArray();
    this.inputs = buffers.inputs(units);
    this.sums = buffers.sums(units);
    this.whole =
        layout instanceof BlockPanelRows panels
            ? Optional.of(
                new BlockRowProduct(this, panels, packed, places, units, factor, buffers, product))
            : Optional.empty();
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
    MatrixArguments.checkInput(name, cols, x);
    Objects.checkIndex(token, x.tokens());
    Objects.checkFromToIndex(yOffset + (long) from, yOffset + (long) to, y.length);
    checkRows(rowList, from, to);
    if (from == to) {
      return;
    }
    BlockInput input = inputs.take();
    if (!input.holds(layout, x, token)) {
      layout.arrange(x, token, input);
      input.hold(layout, x, token);
    }
    for (int i = from; i < to; i += BlockRows.AHEAD) {
      multiply(rowList, i, Math.min(to, i + BlockRows.AHEAD), input, y, yOffset);
    }
    inputs.give(input);
  }

  @Override
  public Optional<Matrix> whole() {
    return whole;
  }

  /** Up to {@link BlockRows#AHEAD} rows: all are on their way before the first is multiplied. */
  private void multiply(int[] rowList, int from, int to, BlockInput input, float[] y, int yOffset) {
    long[] places = input.places;
    int count = to - from;
    for (int i = 0; i < count; i++) {
      places[i] = first + rowList[from + i] * stride;
    }
    // Where there are fewer, the last is read again, which takes no time.
    Arrays.fill(places, count, BlockRows.AHEAD, places[count - 1]);
    input.touched += layout.touch(packed, places, aheadBytes);
    layout.dots(packed, count, input);
    int lanes = layout.lanes();
    for (int i = 0; i < count; i++) {
      y[yOffset + from + i] = factor * sum(input.lanes, i * lanes, lanes);
    }
  }

  /** A multiple of four lanes, in four sums that do not wait for each other. */
  private static float sum(float[] lanes, int from, int count) {
    float a = 0;
    float b = 0;
    float c = 0;
    float d = 0;
    for (int i = from; i < from + count; i += 4) {
      a += lanes[i];
      b += lanes[i + 1];
      c += lanes[i + 2];
      d += lanes[i + 3];
    }
    return a + b + (c + d);
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
    checkCols(fromCol, toCol);
    Objects.checkFromToIndex(yOffset + (long) fromCol, yOffset + (long) toCol, y.length);
    checkRows(rowList, 0, count);
    if (fromCol == toCol) {
      return;
    }
    int step = colStep();
    int fromUnit = fromCol / step;
    int toUnit = (toCol + step - 1) / step;
    BlockSum sum = sums.take();
    sum.clear(fromUnit, toUnit);
    add(coefficients, at, rowList, count, fromUnit, toUnit, sum, sum.values, 0);
    addTo(sum.values, 0, fromCol, toCol, y, yOffset);
    sums.give(sum);
  }

  @Override
  public int sumLength() {
    return units * colStep();
  }

  @Override
  public void sumRows(
      float[] coefficients, int at, int[] rowList, int count, float[] sum, int sumAt) {
    Objects.checkFromIndexSize(at, count, coefficients.length);
    Objects.checkFromIndexSize(sumAt, sumLength(), sum.length);
    checkRows(rowList, 0, count);
    BlockSum work = sums.take();
    add(coefficients, at, rowList, count, 0, units, work, sum, sumAt);
    sums.give(work);
  }

  @Override
  public void addSum(float[] sum, int sumAt, int fromCol, int toCol, float[] y, int yOffset) {
    Objects.checkFromIndexSize(sumAt, sumLength(), sum.length);
    checkCols(fromCol, toCol);
    Objects.checkFromToIndex(yOffset + (long) fromCol, yOffset + (long) toCol, y.length);
    addTo(sum, sumAt, fromCol, toCol, y, yOffset);
  }

  private void add(
      float[] coefficients,
      int at,
      int[] rowList,
      int count,
      int fromUnit,
      int toUnit,
      BlockSum work,
      float[] sum,
      int sumAt) {
    // As equal parts as can be.
    int parts = (count + BlockRows.TOGETHER - 1) / BlockRows.TOGETHER;
    for (int part = 0; part < parts; part++) {
      int from = (int) ((long) count * part / parts);
      int to = (int) ((long) count * (part + 1) / parts);
      work.begin();
      for (int i = from; i < to; i++) {
        work.put(first + rowList[i] * stride, coefficients[at + i]);
      }
      work.end();
      if (!ahead) {
        touch(work, fromUnit, toUnit, 0, layout.weightBytes());
        touch(work, fromUnit, toUnit, (long) units * layout.weightBytes(), layout.scaleBytes());
      }
      layout.add(packed, work, units, fromUnit, toUnit, sum, sumAt);
    }
  }

  /** Reads ahead what units have in common, weights or scales, of all rows of a sum. */
  private void touch(BlockSum work, int fromUnit, int toUnit, long offset, int unitBytes) {
    long from = offset + (long) fromUnit * unitBytes;
    long bytes = (long) (toUnit - fromUnit) * unitBytes;
    int last = work.count() - 1;
    for (int i = 0; i <= last; i += BlockRows.AHEAD) {
      for (int k = 0; k < BlockRows.AHEAD; k++) {
        work.ahead[k] = work.places[Math.min(i + k, last)] + from;
      }
      work.touched += layout.touch(packed, work.ahead, bytes);
    }
  }

  /** Adds columns of a sum to {@code y}, in their own order. */
  private void addTo(float[] sum, int sumAt, int fromCol, int toCol, float[] y, int yOffset) {
    float scale = factor * layout.sumUnit();
    int lanes = layout.lanes();
    int step = BlockRows.BLOCK * lanes;
    for (int block = fromCol / BlockRows.BLOCK; block < toCol / BlockRows.BLOCK; block++) {
      int from = sumAt + block / lanes * step + block % lanes;
      int to = yOffset + block * BlockRows.BLOCK;
      for (int i = 0; i < BlockRows.BLOCK; i++) {
        y[to + columns[i]] += scale * sum[from + i * lanes];
      }
    }
  }

  private void checkCols(int fromCol, int toCol) {
    Objects.checkFromToIndex(fromCol, toCol, cols);
    int step = colStep();
    if (fromCol % step != 0 || toCol % step != 0 && toCol != cols) {
      throw new IllegalArgumentException(
          "%s: columns [%d, %d) are not cut at multiples of %d"
              .formatted(name, fromCol, toCol, step));
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
