package dev.skipjack.kernels.scalar;

import dev.skipjack.kernels.support.PanelKernel;

/** One fused multiply-add per weight and token. */
final class ScalarPanels implements PanelKernel {
  private static final int ROWS = 16;

  @Override
  public int rows() {
    return ROWS;
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
    for (int token = 0; token < tokens; token++) {
      int xAt = xOffset + token * xStride;
      int yAt = yOffset + token * yStride;
      for (int r = 0; r < rows; r++) {
        float sum = 0;
        for (int c = 0; c < cols; c++) {
          sum = Math.fma(panel[c * ROWS + r], x[xAt + c], sum);
        }
        y[yAt + r] += sum;
      }
    }
  }
}
