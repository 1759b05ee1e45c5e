package dev.skipjack.kernels.support;

import dev.skipjack.kernels.isolation.Boundary;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;

/** Span kernels behind a {@link Boundary}. */
public final class IsolatedSpans implements SpanKernels {
  private final SpanKernels kernels;
  private final MethodHandle dot = Boundary.to(SpanKernels.class, "dot");
  private final MethodHandle dots = Boundary.to(SpanKernels.class, "dots");
  private final MethodHandle axpy = Boundary.to(SpanKernels.class, "axpy");
  private final MethodHandle axpy4 = Boundary.to(SpanKernels.class, "axpy4");
  private final MethodHandle decode = Boundary.to(SpanKernels.class, "decode");

  public IsolatedSpans(SpanKernels kernels) {
    this.kernels = kernels;
  }

  @Override
  public float dot(MemorySegment weights, long offset, int count, float[] x, int xOffset) {
    try {
      return (float) dot.invokeExact(kernels, weights, offset, count, x, xOffset);
    } catch (Throwable t) {
      throw Boundary.unchecked(t);
    }
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
    try {
      dots.invokeExact(kernels, weights, offset, stride, spans, count, x, xOffset, y, yOffset);
    } catch (Throwable t) {
      throw Boundary.unchecked(t);
    }
  }

  @Override
  public void axpy(float a, MemorySegment weights, long offset, int count, float[] y, int yOffset) {
    try {
      axpy.invokeExact(kernels, a, weights, offset, count, y, yOffset);
    } catch (Throwable t) {
      throw Boundary.unchecked(t);
    }
  }

  @Override
  public void axpy4(
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
    try {
      axpy4.invokeExact(
          kernels, a0, a1, a2, a3, weights, offset0, offset1, offset2, offset3, count, y, yOffset);
    } catch (Throwable t) {
      throw Boundary.unchecked(t);
    }
  }

  @Override
  public void decode(MemorySegment weights, long offset, int count, float[] out, int outOffset) {
    try {
      decode.invokeExact(kernels, weights, offset, count, out, outOffset);
    } catch (Throwable t) {
      throw Boundary.unchecked(t);
    }
  }
}
