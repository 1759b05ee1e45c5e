package dev.skipjack.kernels.scalar;

import dev.skipjack.kernels.FloatKernels;
import dev.skipjack.loader.tensor.BlockCodec;
import dev.skipjack.loader.tensor.TensorType;
import java.lang.foreign.MemorySegment;

/**
 * Products with encoded values of any tensor type: decodes a run of whole blocks into a lent buffer
 * and computes on floats. Stateless.
 */
final class CodecSpans {
  /** Floats a lent buffer must hold: several blocks of every type, and well within an L1 cache. */
  static final int SCRATCH = 1024;

  private final FloatKernels floats;
  private final BlockCodec codec;
  private final TensorType type;
  private final int chunk;

  CodecSpans(TensorType type, FloatKernels floats) {
    this.type = type;
    this.codec = type.codec();
    this.floats = floats;
    this.chunk = SCRATCH - SCRATCH % type.blockLength();
  }

  /** {@code sum_i W[i] x[i]} over {@code count} values from byte {@code offset}. */
  float dot(MemorySegment source, long offset, int count, float[] x, int xOffset, float[] scratch) {
    float sum = 0;
    for (int done = 0; done < count; done += chunk) {
      int length = Math.min(chunk, count - done);
      codec.decode(source, offset + type.byteSize(done), scratch, 0, length);
      sum += floats.dot(scratch, 0, x, xOffset + done, length);
    }
    return sum;
  }

  /**
   * {@code y[t yStride] = sum_i W[i] x[t count + i]} for {@code tokens} inputs, decoding every
   * value once.
   */
  void dots(
      MemorySegment source,
      long offset,
      int count,
      float[] x,
      int tokens,
      float[] y,
      int yOffset,
      int yStride,
      float[] scratch) {
    for (int done = 0; done < count; done += chunk) {
      int length = Math.min(chunk, count - done);
      codec.decode(source, offset + type.byteSize(done), scratch, 0, length);
      for (int token = 0; token < tokens; token++) {
        int at = yOffset + token * yStride;
        float before = done == 0 ? 0 : y[at];
        y[at] = before + floats.dot(scratch, 0, x, token * count + done, length);
      }
    }
  }

  /** {@code y[i] += a W[i]} over {@code count} values from byte {@code offset}. */
  void axpy(
      float a,
      MemorySegment source,
      long offset,
      int count,
      float[] y,
      int yOffset,
      float[] scratch) {
    for (int done = 0; done < count; done += chunk) {
      int length = Math.min(chunk, count - done);
      codec.decode(source, offset + type.byteSize(done), scratch, 0, length);
      floats.axpy(a, scratch, 0, y, yOffset + done, length);
    }
  }
}
