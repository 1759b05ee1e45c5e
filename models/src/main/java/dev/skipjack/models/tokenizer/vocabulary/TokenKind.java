package dev.skipjack.models.tokenizer.vocabulary;

import java.util.Optional;

/** What a vocabulary entry stands for. Both GGUF and SentencePiece number them from 1 in order. */
public enum TokenKind {
  /** Text. */
  NORMAL,
  /** Stands for text that cannot be spelled. */
  UNKNOWN,
  /** Structure, such as the end of a turn; has no text. */
  CONTROL,
  /** Text that always becomes this token, whatever surrounds it. */
  USER_DEFINED,
  /** An entry that is kept but never produced. */
  UNUSED,
  /** One byte of UTF-8, spelled {@code <0xNN>}. */
  BYTE;

  /** The number that files have for it. */
  public int number() {
    return ordinal() + 1;
  }

  /** The kind with this number; empty if there is none. */
  public static Optional<TokenKind> of(long number) {
    return number < 1 || number > values().length
        ? Optional.empty()
        : Optional.of(values()[(int) number - 1]);
  }
}
