package dev.skipjack.models.tokenizer.pipeline;

/** A stretch of the input: text still to be encoded, or a token that was found in it. */
public sealed interface Fragment {
  /** Text between special tokens. */
  record Text(String text) implements Fragment {}

  /** A token whose spelling was in the text. */
  record Token(int id) implements Fragment {}
}
