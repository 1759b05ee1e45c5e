package dev.skipjack.models.tokenizer.pipeline;

import dev.skipjack.models.tokenizer.vocabulary.Vocabulary;

/**
 * The stages of a tokenizer in the order a text passes through them. Immutable and thread-safe.
 *
 * @param kind the algorithm, for people
 * @param rawSplitter finds tokens in the text as it was given
 * @param normalizer rewrites what lies between those tokens
 * @param normalizedSplitter finds tokens in rewritten text
 * @param preTokenizer cuts text into pieces
 * @param model spells pieces with tokens
 * @param text what tokens say, for the way back
 */
public record Pipeline(
    String kind,
    Vocabulary vocabulary,
    FragmentSplitter rawSplitter,
    Normalizer normalizer,
    FragmentSplitter normalizedSplitter,
    PreTokenizer preTokenizer,
    SubwordModel model,
    TokenText text,
    Markers markers) {}
