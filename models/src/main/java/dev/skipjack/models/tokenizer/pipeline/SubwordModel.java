package dev.skipjack.models.tokenizer.pipeline;

import dev.skipjack.models.tokenizer.primitive.IntList;

/** Spells one piece of text with the tokens of a vocabulary. Immutable and thread-safe. */
@FunctionalInterface
public interface SubwordModel {
  /**
   * Appends the tokens of a piece. What the vocabulary cannot spell becomes its unknown token, or
   * nothing when it has none.
   */
  void encode(String piece, IntList ids);
}
