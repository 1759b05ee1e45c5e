package dev.skipjack.kernels;

import dev.skipjack.loader.tensor.Tensor;
import java.util.Objects;

/**
 * The rows of a tensor, decoded by the codec of its type. A text needs one row for each token: too
 * few for C2 to compile vectors soon, and until then these are objects, which makes a row cost a
 * tenth of a millisecond and more for hundreds of tokens.
 */
final class CodecTable implements RowTable {
  private final Tensor tensor;
  private final int cols;

  CodecTable(Tensor tensor) {
    this.tensor = tensor;
    this.cols = tensor.cols();
  }

  @Override
  public int cols() {
    return cols;
  }

  @Override
  public void row(int row, float[] out, int outOffset) {
    Objects.checkIndex(row, tensor.rows());
    long at = row * tensor.rowBytes();
    tensor.type().codec().decode(tensor.data(), at, out, outOffset, cols);
  }
}
