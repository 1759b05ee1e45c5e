package dev.skipjack.models.tokenizer.pipeline;

/** Rewrites a fragment of text before it is split and encoded. Stateless and thread-safe. */
@FunctionalInterface
public interface Normalizer {
  /** Leaves text as it is. */
  Normalizer NONE = text -> text;

  /**
   * @param text a stretch of text between special tokens, not empty
   */
  String normalize(String text);
}
