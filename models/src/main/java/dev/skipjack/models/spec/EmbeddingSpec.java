package dev.skipjack.models.spec;

import dev.skipjack.loader.tensor.Tensor;

/**
 * Token embeddings.
 *
 * @param weight {@code [vocabulary x hidden]}
 * @param scale multiplies every embedding
 */
public record EmbeddingSpec(Tensor weight, float scale) {}
