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
  /** Lets every tensor be copied. */
  public static final Condition ANY = (weights, from, to) -> true;

  private final Tensor tensor;
  private final Condition condition;
  private final Function<Tensor, Matrix> matrices;

  /** What weights must be for a copy of them to be multiplied in a certain way. */
  @FunctionalInterface
  public interface Condition {
    /** Whether those at bytes {@code [from, to)} are. */
    boolean holds(MemorySegment weights, long from, long to);
  }

  /**
   * @param condition without which there is no copy
   * @param matrices make a matrix of the copy
   */
  public CopiedTensor(Tensor tensor, Condition condition, Function<Tensor, Matrix> matrices) {
    this.tensor = tensor;
    this.condition = condition;
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
    return condition.holds(tensor.data(), from * tensor.rowBytes(), to * tensor.rowBytes());
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
