package dev.skipjack.kernels.tornado.graph;

import dev.skipjack.kernels.tornado.kernel.Blocks;
import dev.skipjack.loader.tensor.Tensor;
import dev.skipjack.loader.tensor.TensorType;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.EnumMap;
import java.util.Map;
import uk.ac.manchester.tornado.api.types.arrays.ByteArray;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;

/**
 * A weight matrix {@code [rows x cols]} as kernels read it: in the file's own bytes where {@link
 * Blocks} knows the type, else decoded to floats.
 *
 * @param format of {@link Blocks}
 * @param floats the weights of an F32 matrix, else a single unused value
 * @param bytes the weights of any other, else a single unused value
 */
public record DeviceMatrix(int format, int rows, int cols, FloatArray floats, ByteArray bytes) {
  private static final Map<TensorType, Integer> FORMATS =
      new EnumMap<>(
          Map.of(
              TensorType.F32, Blocks.F32,
              TensorType.F16, Blocks.F16,
              TensorType.Q8_0, Blocks.Q8_0,
              TensorType.Q4_0, Blocks.Q4_0,
              TensorType.Q4_K, Blocks.Q4_K,
              TensorType.Q6_K, Blocks.Q6_K));

  /** The device form of a tensor, without sharing memory with it. */
  public static DeviceMatrix of(Tensor tensor) {
    return of(tensor, WeightSource.COPY);
  }

  /** The device form of a tensor. */
  static DeviceMatrix of(Tensor tensor, WeightSource source) {
    int format = format(tensor);
    return format == Blocks.F32
        ? new DeviceMatrix(format, tensor.rows(), tensor.cols(), floats(tensor), new ByteArray(1))
        : new DeviceMatrix(
            format, tensor.rows(), tensor.cols(), new FloatArray(1), source.bytes(tensor));
  }

  /** Bytes that a tensor takes on a device. */
  public static long deviceBytes(Tensor tensor) {
    return format(tensor) == Blocks.F32 ? tensor.elementCount() * Float.BYTES : tensor.byteSize();
  }

  /** All values of a tensor as floats. */
  static FloatArray floats(Tensor tensor) {
    FloatArray floats = new FloatArray(Math.toIntExact(tensor.elementCount()));
    int cols = tensor.cols();
    float[] row = new float[cols];
    for (int r = 0; r < tensor.rows(); r++) {
      tensor.type().codec().decode(tensor.data(), r * tensor.rowBytes(), row, 0, cols);
      MemorySegment.copy(row, 0, floats.getSegment(), ValueLayout.JAVA_FLOAT, 4L * r * cols, cols);
    }
    return floats;
  }

  private static int format(Tensor tensor) {
    return FORMATS.getOrDefault(tensor.type(), Blocks.F32);
  }
}
