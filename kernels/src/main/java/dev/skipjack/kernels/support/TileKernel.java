package dev.skipjack.kernels.support;

/**
 * The inner product of a matrix with many tokens: a tile of decoded weights against all inputs.
 * Stateless; checks nothing.
 */
public interface TileKernel {
  /** Rows of a tile. */
  int ROWS = 4;

  /** Most columns of a tile: it and the inputs it meets stay within an L1 cache. */
  int COLS = 1024;

  /** Where free floats begin behind a tile, for a kernel to work in. */
  int WORKSPACE = ROWS * COLS;

  /** Floats of a tile and its workspace. */
  int SCRATCH = WORKSPACE + 256;

  /**
   * {@code y[yOffset + t yStride + r] += sum_c tile[r COLS + c] x[xOffset + t xStride + c]} for
   * {@code r < rows}, {@code c < cols} and {@code t < tokens}. Tile rows past {@code rows} hold
   * anything.
   */
  void multiply(
      float[] tile,
      int rows,
      int cols,
      float[] x,
      int xOffset,
      int xStride,
      int tokens,
      float[] y,
      int yOffset,
      int yStride);
}
