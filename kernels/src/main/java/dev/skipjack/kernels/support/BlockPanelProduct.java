package dev.skipjack.kernels.support;

import dev.skipjack.kernels.Activations;
import dev.skipjack.kernels.TokenTiles;

/** {@link PanelProduct} in integers: for panels of {@link BlockPanelKernel}. Thread-safe. */
public final class BlockPanelProduct {
  /** Blocks of a panel. */
  private static final int BLOCKS = TokenTiles.BLOCKS;

  /** Rows whose sums stay in a core's second-level cache while they grow, panel by panel. */
  private static final int ROWS = 512;

  private final BlockPanelKernel kernel;
  private final Pool<Space> pool;

  public BlockPanelProduct(BlockPanelKernel kernel) {
    this.kernel = kernel;
    this.pool = new Pool<>(() -> new Space(kernel));
  }

  /** Rows of a panel. */
  public int rows() {
    return kernel.rows();
  }

  /**
   * {@code y[yOffset + t yStride + r] = W[r] . x[t]} for rows {@code [fromRow, toRow)} of W and
   * {@code t < tokens}, with x as int8 blocks. A row's result does not depend on the range.
   */
  public void multiply(
      Weights weights,
      Activations x,
      int tokens,
      int fromRow,
      int toRow,
      float[] y,
      int yOffset,
      int yStride) {
    TokenTiles inputs = x.tiles(tokens, kernel);
    Space space = pool.take();
    space.panel.align();
    for (int t = 0; t < tokens; t += PanelSums.TOKENS) {
      int count = Math.min(PanelSums.TOKENS, tokens - t);
      int tiles = TokenTiles.tiles(count);
      int group = space.sums.begin(tiles * TokenTiles.TOKENS);
      for (int row = fromRow; row < toRow; row += group) {
        int rows = Math.min(group, toRow - row);
        space.sums.clear(rows);
        int tile = t / TokenTiles.TOKENS;
        multiply(weights, inputs, x.blocks(), tile, tiles, row, rows, space);
        space.sums.copy(rows, count, y, yOffset + t * yStride + row, yStride);
      }
    }
    pool.give(space);
  }

  private void multiply(
      Weights weights,
      TokenTiles inputs,
      int inputBlocks,
      int tile,
      int tiles,
      int fromRow,
      int rows,
      Space space) {
    for (int block = 0; block < inputBlocks; block += BLOCKS) {
      int blocks = Math.min(BLOCKS, inputBlocks - block);
      for (int row = 0; row < rows; row += kernel.rows()) {
        int height = Math.min(kernel.rows(), rows - row);
        weights.decode(fromRow + row, height, block, blocks, space.panel);
        kernel.multiply(
            space.panel,
            blocks,
            inputs,
            inputs.place(tile, block),
            tiles,
            space.sums.values,
            space.sums.panel(row));
      }
    }
  }

  /** Where panels come from. */
  @FunctionalInterface
  public interface Weights {
    /** Decodes blocks of some rows and their scales, as {@link BlockPanelKernel} wants them. */
    void decode(int row, int rows, int block, int blocks, BlockPanel panel);
  }

  /** What one call works in. */
  private static final class Space {
    final BlockPanel panel;
    final PanelSums sums;

    Space(BlockPanelKernel kernel) {
      this.panel = new BlockPanel(kernel.rows());
      this.sums = new PanelSums(kernel.rows(), ROWS);
    }
  }
}
