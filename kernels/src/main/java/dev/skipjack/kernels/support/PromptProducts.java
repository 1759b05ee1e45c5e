package dev.skipjack.kernels.support;

/**
 * How the matrices of a provider meet many tokens.
 *
 * @param pool of buffers that hold the {@link RowGroups#lanes()} of a group
 */
public record PromptProducts(PanelProduct floats, BlockPanelProduct integers, ScratchPool pool) {
  /** Decoding a matrix takes as long as reading it about this often. */
  static final int FEW_TOKENS = 4;
}
