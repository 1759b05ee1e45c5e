package dev.skipjack.kernels.support;

import dev.skipjack.kernels.FloatKernels;
import dev.skipjack.loader.tensor.TensorType;
import java.lang.foreign.MemorySegment;

/**
 * Spans of any tensor type: decodes a run of whole blocks with the type's codec into a lent buffer
 * and computes on floats.
 */
public final class CodecSpans implements SpanKernels {
  /** Floats a lent buffer must hold: several blocks of every type, well within an L1 cache. */
  public static final int SCRATCH = 1024;

  private final TensorType type;
  private final FloatKernels floats;
  private final ScratchPool pool;
  private final int chunk;

  /**
   * @param pool of at least {@value #SCRATCH} floats
   */
  public CodecSpans(TensorType type, FloatKernels floats, ScratchPool pool) {
    this.type = type;
    this.floats = floats;
    this.pool = pool;
    this.chunk = SCRATCH - SCRATCH % type.blockLength();
  }

  @Override
  public float dot(MemorySegment weights, long offset, int count, float[] x, int xOffset) {
    float[] scratch = pool.take();
    float sum = dot(weights, offset, count, x, xOffset, scratch);
    pool.give(scratch);
    return sum;
  }

  @Override
  public void dots(
      MemorySegment weights,
      long offset,
      long stride,
      int spans,
      int count,
      float[] x,
      int xOffset,
      float[] y,
      int yOffset) {
    float[] scratch = pool.take();
    for (int r = 0; r < spans; r++) {
      y[yOffset + r] = dot(weights, offset + r * stride, count, x, xOffset, scratch);
    }
    pool.give(scratch);
  }

  private float dot(
      MemorySegment weights, long offset, int count, float[] x, int xOffset, float[] scratch) {
    float sum = 0;
    for (int done = 0; done < count; done += chunk) {
      int length = Math.min(chunk, count - done);
      decode(weights, offset + type.byteSize(done), length, scratch, 0);
      sum += floats.dot(scratch, 0, x, xOffset + done, length);
    }
    return sum;
  }

  @Override
  public void axpy(float a, MemorySegment weights, long offset, int count, float[] y, int yOffset) {
    float[] scratch = pool.take();
    for (int done = 0; done < count; done += chunk) {
      int length = Math.min(chunk, count - done);
      decode(weights, offset + type.byteSize(done), length, scratch, 0);
      floats.axpy(a, scratch, 0, y, yOffset + done, length);
    }
    pool.give(scratch);
  }

  @Override
  public void decode(MemorySegment weights, long offset, int count, float[] out, int outOffset) {
    type.codec().decode(weights, offset, out, outOffset, count);
  }
}
