package dev.skipjack.kernels;

import dev.skipjack.loader.tensor.LittleEndian;
import dev.skipjack.loader.tensor.Tensor;
import dev.skipjack.loader.tensor.TensorType;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

/** Random inputs, the same in every run. */
public final class TestTensors {
  /** Around every lane count and unrolling, odd, prime, and longer than every chunk. */
  public static final List<Integer> SIZES =
      IntStream.concat(
              IntStream.rangeClosed(1, 40),
              IntStream.of(
                  63, 64, 65, 100, 127, 128, 129, 255, 256, 257, 1000, 1023, 1024, 1025, 4098))
          .boxed()
          .toList();

  private TestTensors() {}

  /** Values in (-1, 1). */
  public static float[] floats(int length, long seed) {
    var random = new SplittableRandom(seed);
    float[] values = new float[length];
    for (int i = 0; i < length; i++) {
      values[i] = (float) random.nextDouble(-1, 1);
    }
    return values;
  }

  /** Types that can be made from floats. */
  public static List<TensorType> encodableTypes() {
    return Arrays.stream(TensorType.values()).filter(type -> type.codec().encodes()).toList();
  }

  /**
   * {@code [rows x cols]} of random values, at an odd address. Of a type that cannot be made from
   * floats, random blocks that begin with a small half for scales and one for minima.
   */
  public static Tensor tensor(TensorType type, int rows, int cols, long seed) {
    long bytes = type.byteSize((long) rows * cols);
    MemorySegment data = Arena.ofAuto().allocate(bytes + 1).asSlice(1);
    if (type.codec().encodes()) {
      type.codec().encode(floats(rows * cols, seed), 0, rows * cols, data, 0);
    } else {
      fillBlocks(data, type.blockBytes(), seed);
    }
    return new Tensor("random", type, new long[] {rows, cols}, data);
  }

  private static void fillBlocks(MemorySegment data, int blockBytes, long seed) {
    var random = new SplittableRandom(seed);
    for (long at = 0; at < data.byteSize(); at++) {
      data.set(ValueLayout.JAVA_BYTE, at, (byte) random.nextInt());
    }
    for (long block = 0; block < data.byteSize(); block += blockBytes) {
      for (long scale = block; scale < block + 4; scale += 2) {
        float value = (float) random.nextDouble(-5e-4, 5e-4);
        data.set(LittleEndian.SHORT, scale, Float.floatToFloat16(value));
      }
    }
  }

  /** Activations with random values. */
  public static Activations activations(int tokens, int cols, long seed) {
    var activations = new Activations(tokens, cols);
    float[] values = floats(tokens * cols, seed);
    System.arraycopy(values, 0, activations.values(), 0, values.length);
    return activations;
  }

  /** The smallest multiple of the type's block length that is not below {@code cols}. */
  public static int wholeBlocks(TensorType type, int cols) {
    int block = type.blockLength();
    return (cols + block - 1) / block * block;
  }
}
