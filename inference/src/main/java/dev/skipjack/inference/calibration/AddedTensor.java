package dev.skipjack.inference.calibration;

import dev.skipjack.loader.gguf.GgufWriter.TensorData;
import dev.skipjack.loader.tensor.TensorType;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/**
 * A tensor that a calibration adds to a file. Its bytes are asked for only while they are written.
 *
 * @param shape row-major, outermost first; do not modify
 */
public record AddedTensor(String name, TensorType type, long[] shape, TensorData data) {
  /** Delivers rows of floats on demand. */
  @FunctionalInterface
  public interface Rows {
    /** Fills {@code values} with row {@code row}. */
    void read(int row, float[] values);
  }

  /**
   * A matrix that is encoded row by row.
   *
   * @throws IllegalArgumentException if rows are not whole blocks of the type
   */
  public static AddedTensor matrix(String name, TensorType type, int rows, int cols, Rows source) {
    if (cols % type.blockLength() != 0) {
      throw new IllegalArgumentException(
          "%s: %d columns do not fill blocks of %s".formatted(name, cols, type));
    }
    return new AddedTensor(
        name,
        type,
        new long[] {rows, cols},
        sink -> {
          float[] values = new float[cols];
          try (Arena arena = Arena.ofConfined()) {
            MemorySegment encoded = arena.allocate(type.byteSize(cols), Long.BYTES);
            for (int row = 0; row < rows; row++) {
              source.read(row, values);
              type.codec().encode(values, 0, cols, encoded, 0);
              sink.write(encoded);
            }
          }
        });
  }

  /** Bytes it takes in the file. */
  public long byteSize() {
    long elements = 1;
    for (long dimension : shape) {
      elements = Math.multiplyExact(elements, dimension);
    }
    return type.byteSize(elements);
  }

  /** A matrix {@code [rows x cols]} whose values are at hand. */
  public static AddedTensor matrix(
      String name, TensorType type, int rows, int cols, float[] values) {
    return matrix(
        name,
        type,
        rows,
        cols,
        (row, target) -> System.arraycopy(values, row * cols, target, 0, cols));
  }
}
