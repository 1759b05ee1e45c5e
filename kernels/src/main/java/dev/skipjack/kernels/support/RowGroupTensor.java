package dev.skipjack.kernels.support;

import dev.skipjack.kernels.Matrix;
import dev.skipjack.kernels.PackedTensor;
import dev.skipjack.loader.tensor.Tensor;
import java.lang.foreign.MemorySegment;
import java.util.Optional;

/** A tensor about to be packed into {@link RowGroups}; its parts are groups. */
public final class RowGroupTensor implements PackedTensor {
  /** Scales are brought near this: far from the largest half, 65504, and from the subnormals. */
  private static final int SCALE_EXPONENT = 10;

  private final Tensor tensor;
  private final RowGroups layout;
  private final PromptProducts products;
  private final int units;
  private final int exponent;

  private RowGroupTensor(Tensor tensor, RowGroups layout, PromptProducts products, int exponent) {
    this.tensor = tensor;
    this.layout = layout;
    this.products = products;
    this.units = tensor.cols() / tensor.type().blockLength();
    this.exponent = exponent;
  }

  /**
   * Empty if the tensor has scales that are not finite: only its own layout keeps their meaning.
   */
  public static Optional<PackedTensor> of(
      Tensor tensor, RowGroups layout, PromptProducts products) {
    float largest = 0;
    int units = tensor.cols() / tensor.type().blockLength();
    for (int row = 0; row < tensor.rows(); row++) {
      float scale = layout.largestScale(tensor.data(), row * tensor.rowBytes(), units);
      if (!Float.isFinite(scale)) {
        return Optional.empty();
      }
      largest = Math.max(largest, scale);
    }
    int exponent = largest == 0 ? 0 : SCALE_EXPONENT - Math.getExponent(largest);
    return Optional.of(new RowGroupTensor(tensor, layout, products, exponent));
  }

  @Override
  public long byteSize() {
    return parts() * layout.groupBytes(units);
  }

  @Override
  public int parts() {
    return (tensor.rows() + layout.lanes() - 1) / layout.lanes();
  }

  @Override
  public void pack(MemorySegment target, int from, int to) {
    long groupBytes = layout.groupBytes(units);
    for (int group = from; group < to; group++) {
      int row = group * layout.lanes();
      layout.pack(
          tensor.data(),
          row * tensor.rowBytes(),
          tensor.rowBytes(),
          Math.min(layout.lanes(), tensor.rows() - row),
          units,
          Math.scalb(1f, exponent),
          target,
          group * groupBytes);
    }
  }

  @Override
  public Matrix matrix(MemorySegment packed) {
    return new RowGroupMatrix(tensor, layout, packed, Math.scalb(1f, -exponent), products);
  }
}
