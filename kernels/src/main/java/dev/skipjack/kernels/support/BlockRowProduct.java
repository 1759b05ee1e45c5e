package dev.skipjack.kernels.support;

import dev.skipjack.kernels.Activations;
import dev.skipjack.kernels.Matrix;
import dev.skipjack.kernels.RowPlaces;
import dev.skipjack.kernels.Rows;
import dev.skipjack.kernels.TokenTiles;
import dev.skipjack.loader.tensor.TensorType;
import java.lang.foreign.MemorySegment;

/**
 * All rows in {@link BlockPanelRows}, whatever lies between them. A few tokens are multiplied row
 * by row; for more each weight is decoded once, into panels of integers that meet all tokens.
 */
final class BlockRowProduct implements Matrix {
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
      BlockBuffers buffers,
      BlockPanelProduct product) {
    this.rows = rows;
    this.layout = layout;
    this.packed = packed;
    this.places = places;
    this.units = units;
    this.factor = factor;
    this.product = product;
    int blockInts = layout.weightBytes() / layout.lanes() / Integer.BYTES;
    this.words = buffers.words(TokenTiles.BLOCKS * blockInts * product.rows());
    this.all = buffers.all(rows.rows());
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
    if (!MatrixArguments.check(this, this, x, tokens, fromRow, toRow, y, yOffset, yStride)) {
      return;
    }
    if (tokens <= PromptProducts.FEW_TOKENS) {
      for (int t = 0; t < tokens; t++) {
        rows.multiplyRows(x, t, all, fromRow, toRow, y, yOffset + t * yStride);
      }
      return;
    }
    product.multiply(panels, x, tokens, fromRow, toRow, y, yOffset, yStride);
  }

  private void decode(int row, int height, int block, int blocks, BlockPanel panel) {
    long at = places.first() + row * places.stride();
    int[] work = words.take();
    layout.decode(packed, at, places.stride(), height, units, block, blocks, factor, work, panel);
    words.give(work);
  }

  @Override
  public String toString() {
    return "all " + rows;
  }
}
