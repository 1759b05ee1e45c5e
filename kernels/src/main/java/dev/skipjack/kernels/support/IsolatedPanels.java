package dev.skipjack.kernels.support;

import dev.skipjack.kernels.isolation.Boundary;
import java.lang.invoke.MethodHandle;

/** A panel kernel behind a {@link Boundary}. */
public final class IsolatedPanels implements PanelKernel {
  private final PanelKernel kernels;
  private final MethodHandle turn = Boundary.to(PanelKernel.class, "turn");
  private final MethodHandle multiply = Boundary.to(PanelKernel.class, "multiply");

  public IsolatedPanels(PanelKernel kernels) {
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
  public int turned() {
    return kernels.turned();
  }

  @Override
  public int turnLength() {
    return kernels.turnLength();
  }

  @Override
  public void turn(float[] space, int cols, float[] panel, int row) {
    try {
      turn.invokeExact(kernels, space, cols, panel, row);
    } catch (Throwable t) {
      throw Boundary.unchecked(t);
    }
  }

  @Override
  public void multiply(float[] panel, int cols, float[] inputs, int tiles, float[] sums, int at) {
    try {
      multiply.invokeExact(kernels, panel, cols, inputs, tiles, sums, at);
    } catch (Throwable t) {
      throw Boundary.unchecked(t);
    }
  }
}
