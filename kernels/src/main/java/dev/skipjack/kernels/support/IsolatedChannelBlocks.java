package dev.skipjack.kernels.support;

import dev.skipjack.kernels.isolation.Boundary;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;

/** Kernels of a channel-major layout behind a {@link Boundary}. */
public final class IsolatedChannelBlocks implements ChannelBlocks {
  private final ChannelBlocks kernels;
  private final MethodHandle pack = Boundary.to(ChannelBlocks.class, "pack");
  private final MethodHandle touch = Boundary.to(ChannelBlocks.class, "touch");
  private final MethodHandle add = Boundary.to(ChannelBlocks.class, "add");

  public IsolatedChannelBlocks(ChannelBlocks kernels) {
    this.kernels = kernels;
  }

  @Override
  public int step() {
    return kernels.step();
  }

  @Override
  public long rowBytes(int outputs) {
    return kernels.rowBytes(outputs);
  }

  @Override
  public float largestScale(MemorySegment source, long at, int blocks) {
    return kernels.largestScale(source, at, blocks);
  }

  @Override
  public void pack(
      byte[] rows,
      int rowBytes,
      int blocks,
      float scaling,
      MemorySegment target,
      long at,
      int outputs,
      int output) {
    try {
      pack.invokeExact(kernels, rows, rowBytes, blocks, scaling, target, at, outputs, output);
    } catch (Throwable t) {
      throw Boundary.unchecked(t);
    }
  }

  @Override
  public int touch(MemorySegment packed, long[] places, long bytes) {
    try {
      return (int) touch.invokeExact(kernels, packed, places, bytes);
    } catch (Throwable t) {
      throw Boundary.unchecked(t);
    }
  }

  @Override
  public void add(
      MemorySegment packed,
      long scales,
      ChannelSum rows,
      int from,
      int to,
      float factor,
      float[] y,
      int yAt) {
    try {
      add.invokeExact(kernels, packed, scales, rows, from, to, factor, y, yAt);
    } catch (Throwable t) {
      throw Boundary.unchecked(t);
    }
  }
}
