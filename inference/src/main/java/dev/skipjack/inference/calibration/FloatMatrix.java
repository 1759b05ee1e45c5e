package dev.skipjack.inference.calibration;

import dev.skipjack.kernels.Activations;
import dev.skipjack.kernels.KernelProvider;
import dev.skipjack.kernels.Matrix;
import dev.skipjack.kernels.team.Worker;
import dev.skipjack.loader.tensor.Tensor;
import dev.skipjack.loader.tensor.TensorType;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * A matrix {@code [rows x cols]} that changes between products: F32 in native memory under the
 * kernels of inference. Workers write disjoint parts and meet at a barrier before they multiply.
 */
final class FloatMatrix {
  /** Rows that a kernel computes together; shares are cut there for speed, not for the result. */
  private static final int ROW_STEP = 4;

  private final int rows;
  private final int cols;
  private final MemorySegment data;
  private final Matrix matrix;

  FloatMatrix(KernelProvider kernels, Arena arena, int rows, int cols) {
    this.rows = rows;
    this.cols = cols;
    this.data = arena.allocate((long) rows * cols * Float.BYTES, Long.SIZE);
    this.matrix =
        kernels.matrix(new Tensor("scratch", TensorType.F32, new long[] {rows, cols}, data));
  }

  int rows() {
    return rows;
  }

  int cols() {
    return cols;
  }

  /** Copies rows {@code [from, to)} from a matrix of the same shape. */
  void set(float[] values, int from, int to) {
    MemorySegment.copy(
        values,
        from * cols,
        data,
        ValueLayout.JAVA_FLOAT,
        (long) from * cols * Float.BYTES,
        (to - from) * cols);
  }

  /**
   * Fills rows {@code [from, to)} with columns of another matrix: {@code this[i][j] = values[offset
   * + j stride + i]}. Columns past {@code count} become zero.
   */
  void setTransposed(float[] values, int offset, int stride, int count, int from, int to) {
    for (int i = from; i < to; i++) {
      for (int j = 0; j < cols; j++) {
        float value = j < count ? values[offset + j * stride + i] : 0;
        data.setAtIndex(ValueLayout.JAVA_FLOAT, (long) i * cols + j, value);
      }
    }
  }

  /**
   * Computes this worker's share of {@code y[t][r] = x[t] . this[r]}, {@code y [tokens x rows]}.
   */
  void multiply(Worker worker, Activations x, int tokens, float[] y) {
    int from = worker.from(rows, ROW_STEP);
    int to = worker.to(rows, ROW_STEP);
    matrix.multiply(x, tokens, from, to, y, 0, rows);
  }
}
