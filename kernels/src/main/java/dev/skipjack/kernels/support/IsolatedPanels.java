package dev.skipjack.kernels.support;

import java.lang.invoke.MethodHandle;

/** A panel kernel behind a {@link Boundary}. */
public final class IsolatedPanels implements PanelKernel {
  private final PanelKernel kernels;
  private final MethodHandle multiply = Boundary.to(PanelKernel.class, "multiply");

  public IsolatedPanels(PanelKernel kernels) {
    this.kernels = kernels;
  }

  @Override
  public int rows() {
    return kernels.rows();
  }

  @Override
  public int scratch() {
    return kernels.scratch();
  }

  @Override
  public void multiply(
      float[] panel,
      int rows,
      int cols,
      float[] x,
      int xOffset,
      int xStride,
      int tokens,
      float[] y,
      int yOffset,
      int yStride) {
    try {
      multiply.invokeExact(
          kernels, panel, rows, cols, x, xOffset, xStride, tokens, y, yOffset, yStride);
    } catch (Throwable t) {
      throw Boundary.unchecked(t);
    }
  }
}
