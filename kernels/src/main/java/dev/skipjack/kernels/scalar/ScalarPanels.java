package dev.skipjack.kernels.scalar;

import dev.skipjack.kernels.support.PanelKernel;

/** One fused multiply-add per weight and token; a tile is one token. */
final class ScalarPanels implements PanelKernel {
  private static final int ROWS = 16;

  @Override
  public int rows() {
    return ROWS;
  }

  @Override
  public int tile() {
    return 1;
  }

  @Override
  public int turned() {
    return 1;
  }

  @Override
  public int turnLength() {
    return COLS;
  }

  @Override
  public void turn(float[] space, int cols, float[] panel, int row) {
    for (int c = 0; c < cols; c++) {
      panel[c * ROWS + row] = space[c];
    }
  }

  @Override
  public void multiply(float[] panel, int cols, float[] inputs, int tiles, float[] sums, int at) {
    for (int token = 0; token < tiles; token++) {
      for (int r = 0; r < ROWS; r++) {
        float sum = sums[at + token * ROWS + r];
        for (int c = 0; c < cols; c++) {
          sum = Math.fma(panel[c * ROWS + r], inputs[token * COLS + c], sum);
        }
        sums[at + token * ROWS + r] = sum;
      }
    }
  }
}
