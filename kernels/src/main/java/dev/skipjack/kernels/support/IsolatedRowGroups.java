package dev.skipjack.kernels.support;

import dev.skipjack.kernels.Activations;
import dev.skipjack.kernels.isolation.Boundary;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;

/** Kernels of a row-interleaved layout behind a {@link Boundary}. */
public class IsolatedRowGroups implements RowGroups {
  private final RowGroups kernels;
  private final MethodHandle largestScale = Boundary.to(RowGroups.class, "largestScale");
  private final MethodHandle pack = Boundary.to(RowGroups.class, "pack");
  private final MethodHandle multiply = Boundary.to(RowGroups.class, "multiply");
  private final MethodHandle decode = Boundary.to(RowGroups.class, "decode");

  public IsolatedRowGroups(RowGroups kernels) {
    this.kernels = kernels;
  }

  @Override
  public final int lanes() {
    return kernels.lanes();
  }

  @Override
  public final long unitBytes(int units) {
    return kernels.unitBytes(units);
  }

  @Override
  public final long groupBytes(int units) {
    return kernels.groupBytes(units);
  }

  @Override
  public final float largestScale(MemorySegment source, long at, int units) {
    try {
      return (float) largestScale.invokeExact(kernels, source, at, units);
    } catch (Throwable t) {
      throw Boundary.unchecked(t);
    }
  }

  @Override
  public final void pack(byte[] rows, int rowBytes, int units, float scaling, byte[] target) {
    try {
      pack.invokeExact(kernels, rows, rowBytes, units, scaling, target);
    } catch (Throwable t) {
      throw Boundary.unchecked(t);
    }
  }

  @Override
  public final void multiply(
      MemorySegment packed,
      long at,
      long groupBytes,
      int units,
      Activations x,
      int token,
      float factor,
      float[] y,
      int yAt) {
    try {
      multiply.invokeExact(kernels, packed, at, groupBytes, units, x, token, factor, y, yAt);
    } catch (Throwable t) {
      throw Boundary.unchecked(t);
    }
  }

  @Override
  public final void decode(
      MemorySegment packed, long at, int units, float factor, float[] out, int to, int stride) {
    try {
      decode.invokeExact(kernels, packed, at, units, factor, out, to, stride);
    } catch (Throwable t) {
      throw Boundary.unchecked(t);
    }
  }
}
