package dev.skipjack.models.huggingface;

import static dev.skipjack.loader.tensor.LittleEndian.FLOAT;

import dev.skipjack.loader.tensor.Tensor;
import dev.skipjack.loader.tensor.TensorType;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.List;

/**
 * Tensors that GGUF stores in another arrangement, rebuilt in native memory. Shapes have been
 * checked by the caller.
 */
final class NativeTensors {
  /** Large enough for any SIMD load. */
  private static final long ALIGNMENT = 64;

  private final Arena arena;

  /**
   * @param arena owns the memory
   */
  NativeTensors(Arena arena) {
    this.arena = arena;
  }

  /** A vector of F32. */
  Tensor vector(String name, float... values) {
    MemorySegment data = allocate((long) values.length * Float.BYTES);
    MemorySegment.copy(values, 0, data, FLOAT, 0, values.length);
    return new Tensor(name, TensorType.F32, new long[] {values.length}, data);
  }

  /** A vector with one added to each element, in F32 as a converter stores it. */
  Tensor plusOne(String name, Tensor weight) {
    float[] values = weight.toFloats();
    for (int i = 0; i < values.length; i++) {
      values[i] += 1;
    }
    return vector(name, values);
  }

  /** Equal matrices as one {@code [count x rows x cols]} tensor. */
  Tensor stack(String name, List<Tensor> matrices) {
    Tensor first = matrices.getFirst();
    MemorySegment data = allocate(first.byteSize() * matrices.size());
    long offset = 0;
    for (Tensor matrix : matrices) {
      MemorySegment.copy(matrix.data(), 0, data, offset, matrix.byteSize());
      offset += matrix.byteSize();
    }
    long[] shape = {matrices.size(), first.shape()[0], first.shape()[1]};
    return new Tensor(name, first.type(), shape, data);
  }

  /** Half of the rows of each matrix in {@code [count x 2 rows x cols]}. */
  Tensor half(String name, Tensor stacked, boolean upper) {
    long[] shape = stacked.shape();
    long bytes = stacked.byteSize() / shape[0] / 2;
    MemorySegment data = allocate(stacked.byteSize() / 2);
    for (long i = 0; i < shape[0]; i++) {
      MemorySegment.copy(stacked.data(), (2 * i + (upper ? 1 : 0)) * bytes, data, i * bytes, bytes);
    }
    return new Tensor(name, stacked.type(), new long[] {shape[0], shape[1] / 2, shape[2]}, data);
  }

  /**
   * Rows {@code (queries of one group, key, value) x groups} as all queries, all keys, all values.
   *
   * @param heads of queries
   * @param groups heads of keys, and of values
   */
  Tensor ungroup(String name, Tensor grouped, int heads, int groups) {
    int queries = heads / groups;
    int blocks = heads + 2 * groups;
    long bytes = grouped.byteSize() / blocks;
    MemorySegment data = allocate(grouped.byteSize());
    for (int source = 0; source < blocks; source++) {
      int group = source / (queries + 2);
      int member = source % (queries + 2);
      int target =
          member < queries ? group * queries + member : heads + (member - queries) * groups + group;
      MemorySegment.copy(grouped.data(), source * bytes, data, target * bytes, bytes);
    }
    return new Tensor(name, grouped.type(), grouped.shape(), data);
  }

  /**
   * A matrix rounded to -1, 0 and 1 times its mean magnitude, without that factor.
   *
   * @see #meanMagnitude
   */
  Tensor ternary(String name, Tensor weight, float scale) {
    TensorType type = TensorType.BF16;
    int cols = weight.cols();
    float[] row = new float[cols];
    MemorySegment data = allocate(type.byteSize(weight.elementCount()));
    for (int i = 0; i < weight.rows(); i++) {
      weight.type().codec().decode(weight.data(), i * weight.rowBytes(), row, 0, cols);
      for (int j = 0; j < cols; j++) {
        row[j] = Math.clamp((float) Math.rint(row[j] / scale), -1f, 1f);
      }
      type.codec().encode(row, 0, cols, data, i * type.byteSize(cols));
    }
    return new Tensor(name, type, weight.shape(), data);
  }

  /** The mean of all magnitudes, but at least 1e-5. */
  static float meanMagnitude(Tensor weight) {
    float[] row = new float[weight.cols()];
    double sum = 0;
    for (int i = 0; i < weight.rows(); i++) {
      weight.type().codec().decode(weight.data(), i * weight.rowBytes(), row, 0, row.length);
      for (float value : row) {
        sum += Math.abs(value);
      }
    }
    return (float) Math.max(sum / weight.elementCount(), 1e-5);
  }

  static boolean sameForm(Tensor a, Tensor b) {
    return a.type() == b.type() && Arrays.equals(a.shape(), b.shape());
  }

  private MemorySegment allocate(long bytes) {
    return arena.allocate(bytes, ALIGNMENT);
  }
}
