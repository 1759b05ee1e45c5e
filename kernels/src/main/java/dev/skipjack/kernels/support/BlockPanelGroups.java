package dev.skipjack.kernels.support;

import java.lang.foreign.MemorySegment;

/** {@link RowGroups} of a type whose blocks {@link BlockPanelKernel} can sum in 16 bits. */
public interface BlockPanelGroups extends RowGroups {
  /**
   * Decodes units of as many groups as a panel has, as {@link BlockPanelKernel} wants them. Of
   * groups from {@code groups} on nobody reads the result.
   *
   * @param at the first unit of the first group
   */
  void decode(
      MemorySegment packed,
      long at,
      long groupBytes,
      int groups,
      int units,
      float factor,
      BlockPanel panel);
}
