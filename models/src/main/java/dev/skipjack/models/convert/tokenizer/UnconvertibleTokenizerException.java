package dev.skipjack.models.convert.tokenizer;

/** A tokenizer that GGUF has no keys for; the message says why. */
final class UnconvertibleTokenizerException extends Exception {
  private static final long serialVersionUID = 1L;

  UnconvertibleTokenizerException(String reason) {
    super(reason);
  }
}
