package dev.skipjack.kernels.tornado.graph;

import dev.skipjack.kernels.tornado.kernel.Step;
import dev.skipjack.loader.tensor.Tensor;
import dev.skipjack.loader.tensor.TensorType;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Random;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;
import uk.ac.manchester.tornado.api.types.arrays.IntArray;

/** Inputs of kernel cases, the same in every run. */
final class RandomArrays {
  private final Random random = new Random(7);

  FloatArray floats(int size) {
    FloatArray array = new FloatArray(size);
    for (int i = 0; i < size; i++) {
      array.set(i, (float) random.nextGaussian());
    }
    return array;
  }

  /** An array that no kernel may leave as it is. */
  static FloatArray unset(int size) {
    FloatArray array = new FloatArray(size);
    array.init(Float.NaN);
    return array;
  }

  static FloatArray copy(FloatArray source) {
    FloatArray array = new FloatArray(source.getSize());
    for (int i = 0; i < source.getSize(); i++) {
      array.set(i, source.get(i));
    }
    return array;
  }

  Tensor tensor(TensorType type, int rows, int cols) {
    float[] values = new float[rows * cols];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) random.nextGaussian();
    }
    MemorySegment data = Arena.ofAuto().allocate(type.byteSize(values.length), 8);
    type.codec().encode(values, 0, values.length, data, 0);
    return new Tensor(type.name(), type, new long[] {rows, cols}, data);
  }

  static IntArray step(int position, int count) {
    IntArray step = new IntArray(Step.SIZE);
    step.set(Step.POSITION, position);
    step.set(Step.COUNT, count);
    return step;
  }

  /** {@code W[row] . x[token]} in double. */
  static double dot(float[] weights, int row, int cols, FloatArray x, int token) {
    double sum = 0;
    for (int c = 0; c < cols; c++) {
      sum += weights[row * cols + c] * (double) x.get(token * cols + c);
    }
    return sum;
  }
}
