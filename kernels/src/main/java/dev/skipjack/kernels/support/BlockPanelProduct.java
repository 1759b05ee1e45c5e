package dev.skipjack.kernels.support;

import static dev.skipjack.kernels.Activations.BLOCK;

import dev.skipjack.kernels.Activations;

/** {@link PanelProduct} in integers: for panels of {@link BlockPanelKernel}. Thread-safe. */
public final class BlockPanelProduct {
  /** Blocks of a panel, {@link PanelKernel#COLS} columns. */
  private static final int BLOCKS = PanelKernel.COLS / BLOCK;

  /** Puts a value into both halves of an int. */
  private static final int TWICE = 0x10001;

  private final BlockPanelKernel kernel;
  private final Pool<Space> pool;

  public BlockPanelProduct(BlockPanelKernel kernel) {
    this.kernel = kernel;
    this.pool = new Pool<>(() -> new Space(kernel));
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
    int most = PanelSums.TOKENS - PanelSums.TOKENS % kernel.tile();
    Space space = pool.take();
    for (int t = 0; t < tokens; t += most) {
      int count = Math.min(most, tokens - t);
      int tiles = (count + kernel.tile() - 1) / kernel.tile();
      int group = space.sums.rows(tiles * kernel.tile());
      for (int row = fromRow; row < toRow; row += group) {
        int rows = Math.min(group, toRow - row);
        space.sums.clear(rows);
        multiply(weights, x, t, count, row, rows, space);
        space.sums.copy(rows, count, y, yOffset + t * yStride + row, yStride);
      }
    }
    pool.give(space);
  }

  private void multiply(
      Weights weights, Activations x, int token, int tokens, int fromRow, int rows, Space space) {
    for (int block = 0; block < x.blocks(); block += BLOCKS) {
      int blocks = Math.min(BLOCKS, x.blocks() - block);
      int tiles = pack(x, token, tokens, block, blocks, space);
      for (int row = 0; row < rows; row += kernel.rows()) {
        int height = Math.min(kernel.rows(), rows - row);
        weights.decode(fromRow + row, height, block, blocks, space.panel, space.panelScales);
        kernel.multiply(
            space.panel,
            space.panelScales,
            blocks,
            space.inputs,
            space.inputScales,
            tiles,
            space.work,
            space.sums.values,
            space.sums.panel(row));
      }
    }
  }

  /** Packs blocks of some inputs; the tokens that the last tile lacks get scales of zero. */
  private int pack(Activations x, int token, int count, int block, int blocks, Space space) {
    int tile = kernel.tile();
    int tiles = (count + tile - 1) / tile;
    for (int t = 0; t < tiles * tile; t++) {
      int scaleTo = t / tile * tile * blocks + t % tile;
      int to = t / tile * tile * blocks * BLOCK + t % tile;
      int from = (token + t) * x.blocks() + block;
      for (int b = 0; b < blocks; b++) {
        space.inputScales[scaleTo + b * tile] = t < count ? x.scales()[from + b] : 0;
      }
      if (t < count) {
        spread(x.quants(), from * BLOCK, blocks * BLOCK, space.inputs, to, tile);
      }
    }
    return tiles;
  }

  private static void spread(short[] q, int from, int length, int[] out, int to, int stride) {
    for (int c = 0; c < length; c++) {
      out[to + c * stride] = (q[from + c] & 0xffff) * TWICE;
    }
  }

  /** Where panels come from. */
  @FunctionalInterface
  public interface Weights {
    /** Decodes blocks of some rows and their scales, as {@link BlockPanelKernel} wants them. */
    void decode(int row, int rows, int block, int blocks, int[] panel, float[] scales);
  }

  /** What one call works in. */
  private static final class Space {
    final int[] panel;
    final float[] panelScales;
    final int[] inputs = new int[BLOCKS * BLOCK * PanelSums.TOKENS];
    final float[] inputScales = new float[BLOCKS * PanelSums.TOKENS];
    final int[] work;
    final PanelSums sums;

    Space(BlockPanelKernel kernel) {
      this.panel = new int[BLOCKS * BLOCK * kernel.rows() / 2];
      this.panelScales = new float[BLOCKS * kernel.rows()];
      this.work = new int[BLOCKS * kernel.rows() / 2 * kernel.tile()];
      this.sums = new PanelSums(kernel.rows());
    }
  }
}
