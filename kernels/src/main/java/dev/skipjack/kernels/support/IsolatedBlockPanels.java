package dev.skipjack.kernels.support;

import dev.skipjack.kernels.TokenTiles;
import dev.skipjack.kernels.isolation.Boundary;
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
  public void multiply(
      int[] panel,
      float[] panelScales,
      int blocks,
      TokenTiles inputs,
      int first,
      int tiles,
      int[] work,
      float[] sums,
      int at) {
    try {
      multiply.invokeExact(
          kernels, panel, panelScales, blocks, inputs, first, tiles, work, sums, at);
    } catch (Throwable t) {
      throw Boundary.unchecked(t);
    }
  }
}
