package dev.skipjack.kernels.support;

import dev.skipjack.kernels.Matrix;
import dev.skipjack.kernels.PackedTensor;
import dev.skipjack.loader.tensor.Tensor;
import java.lang.foreign.MemorySegment;
import java.util.function.Function;

/**
 * A tensor that multiplies as it is, only faster from huge pages, which native memory has and the
 * mapping of a file has not: processors do not prefetch past the end of a page. Its parts are rows.
 */
public final class CopiedTensor implements PackedTensor {
  private final Tensor tensor;
  private final Function<Tensor, Matrix> matrices;

  /**
   * @param matrices make a matrix of the copy
   */
  public CopiedTensor(Tensor tensor, Function<Tensor, Matrix> matrices) {
    this.tensor = tensor;
    this.matrices = matrices;
  }

  @Override
  public long byteSize() {
    return tensor.rows() * tensor.rowBytes();
  }

  @Override
  public int parts() {
    return tensor.rows();
  }

  @Override
  public boolean survey(int from, int to) {
    return true;
  }

  @Override
  public void pack(MemorySegment target, int from, int to) {
    long at = from * tensor.rowBytes();
    MemorySegment.copy(tensor.data(), at, target, at, (to - from) * tensor.rowBytes());
  }

  @Override
  public Matrix matrix(MemorySegment packed) {
    return matrices.apply(new Tensor(tensor.name(), tensor.type(), tensor.shape(), packed));
  }
}
