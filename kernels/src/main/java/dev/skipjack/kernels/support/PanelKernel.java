package dev.skipjack.kernels.support;

/**
 * The inner product of a matrix with many tokens: a panel of decoded weights, a few rows wide and
 * stored column after column, against all inputs. Lanes are rows, so nothing is summed across
 * lanes. Stateless; checks nothing.
 */
public interface PanelKernel {
  /** Most columns of a panel: it and the inputs it meets stay near the core. */
  int COLS = 256;

  /** Rows of a panel. */
  int rows();

  /** Floats that a caller lends: a panel, then a workspace. */
  default int scratch() {
    return (COLS + 4) * rows();
  }

  /**
   * {@code y[yOffset + t yStride + r] += sum_c panel[c rows() + r] x[xOffset + t xStride + c]} for
   * {@code r < rows}, {@code c < cols} and {@code t < tokens}. Panel rows past {@code rows} hold
   * anything. Each sum is formed in the same order whatever the number of rows and tokens.
   *
   * @param panel of {@link #scratch()} floats; the workspace is overwritten
   */
  void multiply(
      float[] panel,
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
