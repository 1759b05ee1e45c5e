package dev.skipjack.models.spec;

/**
 * The language-model head: {@code logits = softcap(scale * (W x + b))}.
 *
 * @param linear {@code [vocabulary x hidden]}; the embedding itself when tied
 * @param scale multiplies the logits
 * @param softcap {@code c} in {@code c tanh(z / c)}; 0 for none
 */
public record OutputSpec(LinearSpec linear, float scale, float softcap) {}
