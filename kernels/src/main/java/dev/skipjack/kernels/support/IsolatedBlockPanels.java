package dev.skipjack.kernels.support;

import dev.skipjack.kernels.TokenTiles;
import dev.skipjack.kernels.isolation.Boundary;
import java.lang.invoke.MethodHandle;

/** A panel kernel in integers behind a {@link Boundary}. */
public final class IsolatedBlockPanels implements BlockPanelKernel {
  private final BlockPanelKernel kernels;
  private final MethodHandle spread = Boundary.to(TokenTiles.Spread.class, "spread");
  private final MethodHandle multiply = Boundary.to(BlockPanelKernel.class, "multiply");

  public IsolatedBlockPanels(BlockPanelKernel kernels) {
    this.kernels = kernels;
  }

  @Override
  public int rows() {
    return kernels.rows();
  }

  @Override
  public void spread(short[] q, int from, int stride, int tokens, int cols, int[] out, int to) {
    try {
      spread.invokeExact((TokenTiles.Spread) kernels, q, from, stride, tokens, cols, out, to);
    } catch (Throwable t) {
      throw Boundary.unchecked(t);
    }
  }

  @Override
  public void multiply(
      BlockPanel panel, int blocks, TokenTiles inputs, int first, int tiles, float[] sums, int at) {
    try {
      multiply.invokeExact(kernels, panel, blocks, inputs, first, tiles, sums, at);
    } catch (Throwable t) {
      throw Boundary.unchecked(t);
    }
  }
}
