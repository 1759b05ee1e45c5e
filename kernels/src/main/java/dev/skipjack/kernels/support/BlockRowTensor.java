package dev.skipjack.kernels.support;

import dev.skipjack.kernels.PackedRows;
import dev.skipjack.kernels.RowPlaces;
import dev.skipjack.kernels.Rows;
import dev.skipjack.loader.tensor.Tensor;
import java.lang.foreign.MemorySegment;
import java.util.Optional;

/** A tensor about to be packed into {@link BlockRows}. */
public final class BlockRowTensor implements PackedRows {
  /** Scales are brought near this: far from the largest half, 65504, and from the subnormals. */
  private static final int SCALE_EXPONENT = 10;

  /** Rows that padding makes longer than this are better left as they are. */
  private static final double MOST_PADDED = 1.25;

  private final Tensor tensor;
  private final BlockRows layout;
  private final int exponent;
  private final BlockBuffers buffers;
  private final BlockPanelProduct product;

  private BlockRowTensor(
      Tensor tensor,
      BlockRows layout,
      int exponent,
      BlockBuffers buffers,
      BlockPanelProduct product) {
    this.tensor = tensor;
    this.layout = layout;
    this.exponent = exponent;
    this.buffers = buffers;
    this.product = product;
  }

  /**
   * Empty if rows are too short for the layout, or if the tensor has scales that are not finite:
   * only its own layout keeps their meaning.
   *
   * @param product with many tokens
   */
  public static Optional<PackedRows> of(
      Tensor tensor, BlockRows layout, BlockBuffers buffers, BlockPanelProduct product) {
    int blocks = tensor.cols() / BlockRows.BLOCK;
    if (units(blocks, layout) * layout.lanes() > MOST_PADDED * blocks) {
      return Optional.empty();
    }
    float largest = 0;
    for (int row = 0; row < tensor.rows(); row++) {
      float scale = layout.largestScale(tensor.data(), row * tensor.rowBytes(), blocks);
      if (!Float.isFinite(scale)) {
        return Optional.empty();
      }
      largest = Math.max(largest, scale);
    }
    int exponent = largest == 0 ? 0 : SCALE_EXPONENT - Math.getExponent(largest);
    return Optional.of(new BlockRowTensor(tensor, layout, exponent, buffers, product));
  }

  private static int units(int blocks, BlockRows layout) {
    return (blocks + layout.lanes() - 1) / layout.lanes();
  }

  @Override
  public int rows() {
    return tensor.rows();
  }

  @Override
  public void pack(MemorySegment target, RowPlaces places, int from, int to) {
    float scaling = Math.scalb(1f, exponent);
    int blocks = tensor.cols() / BlockRows.BLOCK;
    for (int row = from; row < to; row++) {
      layout.pack(
          tensor.data(),
          row * tensor.rowBytes(),
          blocks,
          scaling,
          target,
          places.first() + row * places.stride());
    }
  }

  @Override
  public long rowBytes() {
    return layout.rowBytes(units(tensor.cols() / BlockRows.BLOCK, layout));
  }

  @Override
  public Rows over(MemorySegment packed, RowPlaces places) {
    float factor = Math.scalb(1f, -exponent);
    return new BlockRowMatrix(tensor, layout, packed, places, factor, buffers, product);
  }
}
