package dev.skipjack.models.convert.tokenizer;

import java.util.Optional;

/**
 * One entry of a vocabulary.
 *
 * @param score merge priority, higher first
 */
record Piece(String text, float score, Kind kind) {
  /** What a token is; its number in GGUF, and in SentencePiece files, is its position from 1 up. */
  enum Kind {
    NORMAL,
    UNKNOWN,
    CONTROL,
    USER_DEFINED,
    UNUSED,
    BYTE;

    int number() {
      return ordinal() + 1;
    }

    static Optional<Kind> of(long number) {
      return number < 1 || number > values().length
          ? Optional.empty()
          : Optional.of(values()[(int) number - 1]);
    }
  }

  /** Lower than any score of a trained vocabulary. */
  static final float ADDED_SCORE = -1000;

  /** A token that was added to a trained vocabulary. */
  static Piece added(String text, boolean special) {
    return new Piece(text, ADDED_SCORE, special ? Kind.CONTROL : Kind.USER_DEFINED);
  }
}
