package dev.skipjack.bench.kernels;

import dev.skipjack.kernels.Activations;
import dev.skipjack.loader.tensor.LittleEndian;
import dev.skipjack.loader.tensor.Tensor;
import dev.skipjack.loader.tensor.TensorType;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

/** Operands with random but valid contents, the same in every run. */
final class RandomTensors {
  private static final int ENCODED_ROWS = 16;

  private final SplittableRandom random = new SplittableRandom(7);

  float[] floats(int length) {
    float[] values = new float[length];
    for (int i = 0; i < length; i++) {
      values[i] = (float) random.nextGaussian();
    }
    return values;
  }

  Activations activations(int tokens, int cols) {
    Activations activations = new Activations(tokens, cols);
    System.arraycopy(floats(tokens * cols), 0, activations.values(), 0, tokens * cols);
    return activations;
  }

  /** A matrix in native memory: a few encoded rows over and over. */
  Tensor matrix(Arena arena, TensorType type, int rows, int cols) {
    long rowBytes = type.byteSize(cols);
    MemorySegment encoded = arena.allocate(ENCODED_ROWS * rowBytes, 64);
    if (type.codec().encodes()) {
      type.codec().encode(floats(ENCODED_ROWS * cols), 0, ENCODED_ROWS * cols, encoded, 0);
    } else {
      fillBlocks(encoded, type.blockBytes());
    }
    MemorySegment data = arena.allocate(rows * rowBytes, 64);
    for (int row = 0; row < rows; row++) {
      long source = row % ENCODED_ROWS * rowBytes;
      MemorySegment.copy(encoded, source, data, row * rowBytes, rowBytes);
    }
    return new Tensor("benchmark", type, new long[] {rows, cols}, data);
  }

  /** Random blocks that begin with one half for scales and one for minima. */
  private void fillBlocks(MemorySegment blocks, int blockBytes) {
    for (long at = 0; at < blocks.byteSize(); at++) {
      blocks.set(ValueLayout.JAVA_BYTE, at, (byte) random.nextInt());
    }
    for (long block = 0; block < blocks.byteSize(); block += blockBytes) {
      for (long half = block; half < block + 4; half += 2) {
        short value = Float.floatToFloat16((float) random.nextGaussian() / 1000);
        blocks.set(LittleEndian.SHORT, half, value);
      }
    }
  }

  /** Each of {@code count} rows with probability {@code density}, ascending. */
  int[] rows(int count, double density) {
    return IntStream.range(0, count).filter(row -> random.nextDouble() < density).toArray();
  }
}
