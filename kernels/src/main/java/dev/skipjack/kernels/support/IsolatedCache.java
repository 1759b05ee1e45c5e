package dev.skipjack.kernels.support;

import dev.skipjack.kernels.CacheKernels;
import dev.skipjack.kernels.isolation.Boundary;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;

/** Cache kernels whose loads are behind a {@link Boundary}; a position is stored only once. */
public final class IsolatedCache implements CacheKernels {
  private final CacheKernels kernels;
  private final MethodHandle loadKeys = Boundary.to(CacheKernels.class, "loadKeys");
  private final MethodHandle loadValues = Boundary.to(CacheKernels.class, "loadValues");

  public IsolatedCache(CacheKernels kernels) {
    this.kernels = kernels;
  }

  @Override
  public long tileBytes(int length) {
    return kernels.tileBytes(length);
  }

  @Override
  public void storeKey(
      float[] key, int keyOffset, int length, MemorySegment cache, long tileOffset, int position) {
    kernels.storeKey(key, keyOffset, length, cache, tileOffset, position);
  }

  @Override
  public void storeValue(
      float[] value,
      int valueOffset,
      int length,
      MemorySegment cache,
      long tileOffset,
      int position) {
    kernels.storeValue(value, valueOffset, length, cache, tileOffset, position);
  }

  @Override
  public void loadKeys(MemorySegment cache, long tileOffset, int length, float[] out) {
    try {
      loadKeys.invokeExact(kernels, cache, tileOffset, length, out);
    } catch (Throwable t) {
      throw Boundary.unchecked(t);
    }
  }

  @Override
  public void loadValues(
      MemorySegment cache, long tileOffset, int length, int positions, float[] out) {
    try {
      loadValues.invokeExact(kernels, cache, tileOffset, length, positions, out);
    } catch (Throwable t) {
      throw Boundary.unchecked(t);
    }
  }
}
