package dev.skipjack.kernels.support;

import java.lang.foreign.MemorySegment;

/**
 * Kernels over spans of encoded values of one tensor type: rows of a matrix, heads of a cached key
 * or value. A span is {@code count} values, whole blocks, at a byte offset of a segment.
 *
 * <p>A new tensor type gets fast kernels by implementing this; matrices and caches are built on it.
 * Implementations are stateless, allocate nothing, and check nothing: callers pass valid ranges.
 */
public interface SpanKernels {
  /** {@code sum_i W[i] x[i]}. */
  float dot(MemorySegment weights, long offset, int count, float[] x, int xOffset);

  /** {@code y[r] = } {@link #dot} of the span at {@code offset + r stride}, for {@code spans} r. */
  default void dots(
      MemorySegment weights,
      long offset,
      long stride,
      int spans,
      int count,
      float[] x,
      int xOffset,
      float[] y,
      int yOffset) {
    for (int r = 0; r < spans; r++) {
      y[yOffset + r] = dot(weights, offset + r * stride, count, x, xOffset);
    }
  }

  /** {@code y[i] += a W[i]}. */
  void axpy(float a, MemorySegment weights, long offset, int count, float[] y, int yOffset);

  /**
   * Four {@link #axpy} in order, with each {@code y[i]} loaded and stored once. The same result to
   * the bit, so that grouping spans by four does not show.
   */
  default void axpy4(
      float a0,
      float a1,
      float a2,
      float a3,
      MemorySegment weights,
      long offset0,
      long offset1,
      long offset2,
      long offset3,
      int count,
      float[] y,
      int yOffset) {
    // Through one call: C2 would inline four, and has a limit on what it inlines into one method.
    for (int k = 0; k < 4; k++) {
      float a =
          switch (k) {
            case 0 -> a0;
            case 1 -> a1;
            case 2 -> a2;
            default -> a3;
          };
      long offset =
          switch (k) {
            case 0 -> offset0;
            case 1 -> offset1;
            case 2 -> offset2;
            default -> offset3;
          };
      axpy(a, weights, offset, count, y, yOffset);
    }
  }

  /** {@code out[i] = W[i]}. */
  void decode(MemorySegment weights, long offset, int count, float[] out, int outOffset);
}
