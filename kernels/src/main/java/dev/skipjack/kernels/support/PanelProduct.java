package dev.skipjack.kernels.support;

import java.util.Arrays;

/**
 * The product of a matrix with many tokens, blocked as Goto and van de Geijn do it (Anatomy of
 * High-Performance Matrix Multiplication, 2008): for some columns, the inputs of all tokens are
 * copied together once and stay in a second-level cache, while panel after panel of rows is
 * decoded, once, and meets all of them. Thread-safe.
 */
public final class PanelProduct {
  /** Rows that copied inputs meet. With half of them prompts were as fast. */
  private static final int ROWS = 1024;

  private final PanelKernel kernel;
  private final Pool<Space> pool;

  public PanelProduct(PanelKernel kernel) {
    this.kernel = kernel;
    this.pool = new Pool<>(() -> new Space(kernel));
  }

  /** Rows of a panel. */
  public int rows() {
    return kernel.rows();
  }

  /** {@link PanelKernel#turned()}. */
  int turned() {
    return kernel.turned();
  }

  /** {@link PanelKernel#turnLength()}. */
  public int turnLength() {
    return kernel.turnLength();
  }

  /** {@link PanelKernel#turn}. */
  void turn(float[] space, int cols, float[] panel, int row) {
    kernel.turn(space, cols, panel, row);
  }

  /**
   * {@code y[yOffset + t yStride + r] = W[r] . x[t]} for rows {@code [fromRow, toRow)} of W and
   * {@code t < tokens}, where x is {@code [tokens x cols]}. A row's result does not depend on the
   * range.
   *
   * @param step columns are taken in multiples of this, at most {@link PanelKernel#COLS}
   */
  public void multiply(
      Weights weights,
      int cols,
      int step,
      float[] x,
      int tokens,
      int fromRow,
      int toRow,
      float[] y,
      int yOffset,
      int yStride) {
    int most = PanelSums.TOKENS - PanelSums.TOKENS % kernel.tile();
    Space space = pool.take();
    for (int t = 0; t < tokens; t += most) {
      int count = Math.min(most, tokens - t);
      int tiles = (count + kernel.tile() - 1) / kernel.tile();
      int group = space.sums.begin(tiles * kernel.tile());
      for (int row = fromRow; row < toRow; row += group) {
        int rows = Math.min(group, toRow - row);
        space.sums.clear(rows);
        multiply(weights, cols, step, x, t, count, row, rows, space);
        space.sums.copy(rows, count, y, yOffset + t * yStride + row, yStride);
      }
    }
    pool.give(space);
  }

  private void multiply(
      Weights weights,
      int cols,
      int step,
      float[] x,
      int token,
      int tokens,
      int fromRow,
      int rows,
      Space space) {
    int chunk = PanelKernel.COLS - PanelKernel.COLS % step;
    for (int col = 0; col < cols; col += chunk) {
      int width = Math.min(chunk, cols - col);
      int tiles = copy(x, token * cols + col, cols, tokens, width, space.inputs);
      for (int row = 0; row < rows; row += kernel.rows()) {
        int height = Math.min(kernel.rows(), rows - row);
        weights.decode(fromRow + row, height, col, width, space.panel);
        float[] sums = space.sums.values;
        kernel.multiply(space.panel, width, space.inputs, tiles, sums, space.sums.panel(row));
      }
    }
  }

  /** Copies columns of some inputs; the tokens that the last tile lacks become zeros. */
  private int copy(float[] x, int xAt, int xStride, int tokens, int cols, float[] inputs) {
    int tile = kernel.tile();
    int tiles = (tokens + tile - 1) / tile;
    for (int t = 0; t < tokens; t++) {
      System.arraycopy(x, xAt + t * xStride, inputs, t * PanelKernel.COLS, cols);
    }
    Arrays.fill(inputs, tokens * PanelKernel.COLS, tiles * tile * PanelKernel.COLS, 0);
    return tiles;
  }

  /** Where panels come from. */
  @FunctionalInterface
  public interface Weights {
    /**
     * Decodes a part of a matrix, column c of it to {@code panel[c panelRows ..]}. Rows that are
     * missing in the last panel may be left as they are.
     */
    void decode(int row, int rows, int col, int cols, float[] panel);
  }

  /** What one call works in. */
  private static final class Space {
    final float[] panel;
    final float[] inputs = new float[PanelKernel.COLS * PanelSums.TOKENS];
    final PanelSums sums;

    Space(PanelKernel kernel) {
      this.panel = new float[PanelKernel.COLS * kernel.rows()];
      this.sums = new PanelSums(kernel.rows(), ROWS);
    }
  }
}
