package dev.skipjack.kernels.support;

import dev.skipjack.kernels.CacheKernels;
import dev.skipjack.kernels.isolation.Boundary;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;

/**
 * Cache kernels whose loads and products are behind a {@link Boundary}; a position is stored only
 * once.
 */
public final class IsolatedCache implements CacheKernels {
  private final CacheKernels kernels;
  private final MethodHandle loadKeys = Boundary.to(CacheKernels.class, "loadKeys");
  private final MethodHandle loadValues = Boundary.to(CacheKernels.class, "loadValues");
  private final MethodHandle touch = Boundary.to(CacheKernels.class, "touch");
  private final MethodHandle score = Boundary.to(CacheKernels.class, "score");
  private final MethodHandle mix = Boundary.to(CacheKernels.class, "mix");

  public IsolatedCache(CacheKernels kernels) {
    this.kernels = kernels;
  }

  @Override
  public long tileBytes(int length) {
    return kernels.tileBytes(length);
  }

  @Override
  public boolean storeKey(
      float[] key, int keyOffset, int length, MemorySegment cache, long tileOffset, int position) {
    return kernels.storeKey(key, keyOffset, length, cache, tileOffset, position);
  }

  @Override
  public boolean storeValue(
      float[] value,
      int valueOffset,
      int length,
      MemorySegment cache,
      long tileOffset,
      int position) {
    return kernels.storeValue(value, valueOffset, length, cache, tileOffset, position);
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

  @Override
  public int directRows(int length) {
    return kernels.directRows(length);
  }

  @Override
  public int touch(
      MemorySegment keys,
      long keyOffset,
      int keyLength,
      MemorySegment values,
      long valueOffset,
      int valueLength) {
    try {
      return (int)
          touch.invokeExact(kernels, keys, keyOffset, keyLength, values, valueOffset, valueLength);
    } catch (Throwable t) {
      throw Boundary.unchecked(t);
    }
  }

  @Override
  public void score(
      MemorySegment cache,
      long tileOffset,
      int length,
      int positions,
      float[] queries,
      int rows,
      float[] scores,
      float[] scratch) {
    try {
      score.invokeExact(
          kernels, cache, tileOffset, length, positions, queries, rows, scores, scratch);
    } catch (Throwable t) {
      throw Boundary.unchecked(t);
    }
  }

  @Override
  public void mix(
      MemorySegment cache,
      long tileOffset,
      int length,
      int from,
      int to,
      float[] weights,
      int firstRow,
      int rows,
      float[] sums,
      float[] scratch) {
    try {
      mix.invokeExact(
          kernels, cache, tileOffset, length, from, to, weights, firstRow, rows, sums, scratch);
    } catch (Throwable t) {
      throw Boundary.unchecked(t);
    }
  }
}
