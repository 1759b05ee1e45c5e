package dev.skipjack.kernels.scalar;

import dev.skipjack.kernels.FloatKernels;
import dev.skipjack.kernels.support.TileKernel;

/** One dot product per output. */
record ScalarTiles(FloatKernels floats) implements TileKernel {
  @Override
  public void multiply(
      float[] tile,
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
        y[yAt + r] += floats.dot(tile, r * COLS, x, xAt, cols);
      }
    }
  }
}
