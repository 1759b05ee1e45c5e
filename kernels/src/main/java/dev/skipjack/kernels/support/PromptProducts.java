package dev.skipjack.kernels.support;

import java.util.Optional;

/**
 * How the matrices of a provider meet many tokens.
 *
 * @param integers empty where floats are as fast
 * @param pool of buffers that hold the {@link RowGroups#lanes()} of a group
 */
public record PromptProducts(
    PanelProduct floats, Optional<BlockPanelProduct> integers, ScratchPool pool) {}
