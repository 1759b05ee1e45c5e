package dev.skipjack.kernels.support;

import dev.skipjack.kernels.Activations;
import dev.skipjack.kernels.Matrix;
import dev.skipjack.kernels.RowPlaces;
import dev.skipjack.kernels.Rows;
import dev.skipjack.kernels.TokenTiles;
import dev.skipjack.loader.tensor.TensorType;
import java.lang.foreign.MemorySegment;
import java.util.Objects;
import java.util.stream.IntStream;

/**
 * All rows in {@link BlockPanelRows}, whatever lies between them. A few tokens are multiplied row
 * by row; for more each weight is decoded once, into panels of integers that meet all tokens.
 */
final class BlockRowProduct implements Matrix {
  /** Decoding rows takes as long as reading them about this often. */
  private static final int FEW_TOKENS = 4;

  private final Rows rows;
  private final BlockPanelRows layout;
  private final MemorySegment packed;
  private final RowPlaces places;
  private final int units;
  private final float factor;
  private final BlockPanelProduct product;
  private final Pool<int[]> words;
  private final BlockPanelProduct.Weights panels = this::decode;
  private final int[] all;

  /**
   * @param rows the same, read one by one
   * @param units of a row
   * @param factor of all weights
   */
  BlockRowProduct(
      Rows rows,
      BlockPanelRows layout,
      MemorySegment packed,
      RowPlaces places,
      int units,
      float factor,
      BlockPanelProduct product) {
    this.rows = rows;
    this.layout = layout;
    this.packed = packed;
    this.places = places;
    this.units = units;
    this.factor = factor;
    this.product = product;
    int blockInts = layout.weightBytes() / layout.lanes() / Integer.BYTES;
    int panelInts = TokenTiles.BLOCKS * blockInts * product.rows();
    this.words = new Pool<>(() -> new int[panelInts]);
    this.all = IntStream.range(0, rows.rows()).toArray();
  }

  @Override
  public int rows() {
    return rows.rows();
  }

  @Override
  public int cols() {
    return rows.cols();
  }

  @Override
  public TensorType type() {
    return rows.type();
  }

  @Override
  public long byteSize() {
    return rows.byteSize();
  }

  @Override
  public Input input() {
    return rows.input();
  }

  @Override
  public int rowStep() {
    return product.rows();
  }

  @Override
  public void multiply(
      Activations x, int tokens, int fromRow, int toRow, float[] y, int yOffset, int yStride) {
    if (tokens <= FEW_TOKENS) {
      for (int t = 0; t < tokens; t++) {
        rows.multiplyRows(x, t, all, fromRow, toRow, y, yOffset + t * yStride);
      }
      return;
    }
    if (x.cols() != cols()) {
      throw new IllegalArgumentException(
          "%s multiplies inputs of %d values, not %d".formatted(this, cols(), x.cols()));
    }
    Objects.checkFromToIndex(0, tokens, x.tokens());
    Objects.checkFromToIndex(fromRow, toRow, rows());
    long last = yOffset + (tokens - 1L) * yStride;
    Objects.checkFromToIndex(yOffset + (long) fromRow, yOffset + (long) toRow, y.length);
    Objects.checkFromToIndex(last + fromRow, last + toRow, y.length);
    product.multiply(panels, x, tokens, fromRow, toRow, y, yOffset, yStride);
  }

  private void decode(
      int row, int height, int block, int blocks, int[] panel, float[] panelScales) {
    long at = places.first() + row * places.stride();
    int[] work = words.take();
    layout.decode(
        packed,
        at,
        places.stride(),
        height,
        units,
        block,
        blocks,
        factor,
        work,
        panel,
        panelScales);
    words.give(work);
  }

  @Override
  public String toString() {
    return "all " + rows;
  }
}
