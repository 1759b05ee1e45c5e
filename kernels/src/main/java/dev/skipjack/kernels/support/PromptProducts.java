package dev.skipjack.kernels.support;

/**
 * How the matrices of a provider meet many tokens.
 *
 * @param pool of buffers that hold the {@link RowGroups#lanes()} of a group
 */
public record PromptProducts(PanelProduct floats, BlockPanelProduct integers, ScratchPool pool) {}
