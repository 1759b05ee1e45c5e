package dev.skipjack.kernels.support;

import java.lang.invoke.MethodHandle;

/** A panel kernel in integers behind a {@link Boundary}. */
public final class IsolatedBlockPanels implements BlockPanelKernel {
  private final BlockPanelKernel kernels;
  private final MethodHandle multiply = Boundary.to(BlockPanelKernel.class, "multiply");

  public IsolatedBlockPanels(BlockPanelKernel kernels) {
    this.kernels = kernels;
  }

  @Override
  public int rows() {
    return kernels.rows();
  }

  @Override
  public int tile() {
    return kernels.tile();
  }

  @Override
  public void multiply(
      int[] panel,
      float[] panelScales,
      int blocks,
      int[] packed,
      float[] packedScales,
      int tiles,
      int[] work,
      float[] sums,
      int at) {
    try {
      multiply.invokeExact(
          kernels, panel, panelScales, blocks, packed, packedScales, tiles, work, sums, at);
    } catch (Throwable t) {
      throw Boundary.unchecked(t);
    }
  }
}
