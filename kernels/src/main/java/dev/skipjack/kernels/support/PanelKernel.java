package dev.skipjack.kernels.support;

/**
 * The inner product of a matrix with many tokens: a panel of decoded weights, a few rows wide and
 * stored column after column, against the inputs of all tokens. Lanes are rows, so nothing is
 * summed across lanes. Inputs are copied side by side, {@code [tokens x COLS]}, a few tokens to a
 * tile. Stateless; checks nothing.
 */
public interface PanelKernel {
  /** Most columns of a panel: it stays in a core's first cache with the tile that it meets. */
  int COLS = 256;

  /** Rows of a panel. */
  int rows();

  /** Tokens of a tile. */
  int tile();

  /** Rows that become columns together; a divisor of {@link #rows()}. */
  int turned();

  /** Floats that {@link #turn} works in: decoded rows, and behind them what else it needs. */
  int turnLength();

  /**
   * {@code panel[c rows() + row + r] = space[r COLS + c]} for {@code r < turned()} and {@code c <
   * cols}. What is behind the last column is unspecified.
   */
  void turn(float[] space, int cols, float[] panel, int row);

  /**
   * {@code sums[at + t rows() + r] += sum_c panel[c rows() + r] x[t][c]} for {@code c < cols} and
   * the tokens t of whole tiles. Each sum is formed in the same order whatever their number.
   *
   * @param inputs x
   */
  void multiply(float[] panel, int cols, float[] inputs, int tiles, float[] sums, int at);
}
