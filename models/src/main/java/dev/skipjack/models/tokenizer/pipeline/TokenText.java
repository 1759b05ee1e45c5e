package dev.skipjack.models.tokenizer.pipeline;

/** What each token says. Immutable and thread-safe. */
@FunctionalInterface
public interface TokenText {
  /**
   * The UTF-8 bytes of a token, perhaps a part of a character; empty for a token without text.
   *
   * @param first whether no token with text came before
   * @throws IndexOutOfBoundsException if the id is not in the vocabulary
   */
  byte[] bytes(int id, boolean first);
}
