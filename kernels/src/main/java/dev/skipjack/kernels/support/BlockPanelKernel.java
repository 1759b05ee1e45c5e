package dev.skipjack.kernels.support;

import dev.skipjack.kernels.TokenTiles;

/**
 * Panels of small integer weights against many tokens as int8 blocks, in 16-bit arithmetic: for
 * types whose sum over one block of products fits 16 bits, so that nothing is lost modulo 2^16. A
 * column of a panel is ints with two rows each; inputs are ints with one value in both halves.
 * Every block has one scale per row and one per token. Stateless; checks nothing.
 */
public interface BlockPanelKernel extends TokenTiles.Spread {
  /** Rows of a panel. */
  int rows();

  /**
   * {@code sums[at + t rows() + r] += sum_b scale[b][r] s[t][b] sum_c panel[b][c][r] q[t][b][c]}
   * for the tokens t of whole tiles. Each sum is formed in the same order whatever their number.
   *
   * @param panel decoded weights and their scales
   * @param blocks of the panel, at most {@link TokenTiles#BLOCKS}
   * @param inputs q and s
   * @param first {@link TokenTiles#place} of the first tile and block
   */
  void multiply(
      BlockPanel panel, int blocks, TokenTiles inputs, int first, int tiles, float[] sums, int at);
}
