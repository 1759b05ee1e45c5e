package dev.skipjack.kernels.support;

import java.lang.foreign.MemorySegment;

/** {@link BlockRows} of a type whose blocks {@link BlockPanelKernel} can sum in 16 bits. */
public interface BlockPanelRows extends BlockRows {
  /**
   * Decodes blocks of as many rows as a panel has, as {@link BlockPanelKernel} wants them. Of rows
   * from {@code rows} on nobody reads the result.
   *
   * @param at where the first row begins
   * @param stride bytes from row to row
   * @param units of a row
   * @param block the first, even
   * @param words space for as many bytes as the blocks of all rows of a panel have
   */
  void decode(
      MemorySegment packed,
      long at,
      long stride,
      int rows,
      int units,
      int block,
      int blocks,
      float factor,
      int[] words,
      BlockPanel panel);
}
