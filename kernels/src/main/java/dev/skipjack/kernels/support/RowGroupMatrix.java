package dev.skipjack.kernels.support;

import dev.skipjack.kernels.Activations;
import dev.skipjack.kernels.Matrix;
import dev.skipjack.loader.tensor.Tensor;
import dev.skipjack.loader.tensor.TensorType;
import java.lang.foreign.MemorySegment;
import java.util.Optional;

/**
 * A matrix in {@link RowGroups}. A few tokens are multiplied one by one as int8 blocks, by integer
 * arithmetic; for more each weight is decoded once, into panels of integers or of floats that meet
 * all tokens.
 */
final class RowGroupMatrix implements Matrix {
  private final String name;
  private final TensorType type;
  private final int rows;
  private final int cols;
  private final RowGroups layout;
  private final MemorySegment packed;
  private final float factor;
  private final PromptProducts products;
  private final ScratchPool pool;
  private final int units;
  private final long groupBytes;
  private final PanelProduct.Weights panels = this::decodePanel;
  private final BlockPanelProduct.Weights integerPanels = this::decodeIntegers;
  private final Optional<BlockPanelGroups> blockPanels;

  RowGroupMatrix(
      Tensor tensor,
      RowGroups layout,
      MemorySegment packed,
      float factor,
      PromptProducts products) {
    this.name = tensor.toString();
    this.type = tensor.type();
    this.rows = tensor.rows();
    this.cols = tensor.cols();
    this.layout = layout;
    this.packed = packed;
    this.factor = factor;
    this.products = products;
    this.pool = products.pool();
    this.units = cols / type.blockLength();
    this.groupBytes = layout.groupBytes(units);
    this.blockPanels =
        layout instanceof BlockPanelGroups integers ? Optional.of(integers) : Optional.empty();
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
    boolean any = MatrixArguments.check(name, this, x, tokens, fromRow, toRow, y, yOffset, yStride);
    checkCut(fromRow, toRow);
    if (!any) {
      return;
    }
    if (tokens <= PromptProducts.FEW_TOKENS) {
      for (int token = 0; token < tokens; token++) {
        multiplyOne(x, token, fromRow, toRow, y, yOffset + token * yStride);
      }
    } else if (blockPanels.isPresent()) {
      products.integers().multiply(integerPanels, x, tokens, fromRow, toRow, y, yOffset, yStride);
    } else {
      int step = type.blockLength();
      products
          .floats()
          .multiply(panels, cols, step, x.values(), tokens, fromRow, toRow, y, yOffset, yStride);
    }
  }

  /**
   * The groups side by side are a quarter of the rows apart, so that each of the streams of memory
   * goes on where it was with the next group, and prefetchers start only once for all rows.
   */
  private void multiplyOne(
      Activations x, int token, int fromRow, int toRow, float[] y, int yOffset) {
    int steps = (toRow - fromRow) / rowStep();
    int quarter = steps * layout.lanes();
    float[] products = pool.take();
    for (int row = fromRow; row < fromRow + quarter; row += layout.lanes()) {
      multiplyGroups(row, steps * groupBytes, x, token, products);
      for (int k = 0; k < RowGroups.ABREAST; k++) {
        put(products, k, y, yOffset + row + k * quarter, layout.lanes());
      }
    }
    // The last groups of the matrix, one by one.
    for (int row = fromRow + RowGroups.ABREAST * quarter; row < toRow; row += layout.lanes()) {
      multiplyGroups(row, 0, x, token, products);
      put(products, 0, y, yOffset + row, Math.min(layout.lanes(), toRow - row));
    }
    pool.give(products);
  }

  /** Leaves the products of the groups at {@code row} and after it, {@code stride} bytes apart. */
  private void multiplyGroups(int row, long stride, Activations x, int token, float[] products) {
    long at = row / layout.lanes() * groupBytes;
    layout.multiply(packed, at, stride, units, x, token, factor, products, 0);
  }

  private void put(float[] products, int group, float[] y, int to, int count) {
    System.arraycopy(products, group * layout.lanes(), y, to, count);
  }

  private void decodePanel(int row, int height, int col, int width, float[] panel) {
    int unit = col / type.blockLength();
    int count = width / type.blockLength();
    int stride = products.floats().rows();
    for (int r = 0; r < height; r += layout.lanes()) {
      layout.decode(packed, unitOf(row + r, unit), count, factor, panel, r, stride);
    }
  }

  private void decodeIntegers(int row, int height, int block, int blocks, BlockPanel panel) {
    int groups = (height + layout.lanes() - 1) / layout.lanes();
    long at = unitOf(row, block);
    blockPanels.get().decode(packed, at, groupBytes, groups, blocks, factor, panel);
  }

  private long unitOf(int row, int unit) {
    return row / layout.lanes() * groupBytes + layout.unitBytes(unit);
  }

  private void checkCut(int fromRow, int toRow) {
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
