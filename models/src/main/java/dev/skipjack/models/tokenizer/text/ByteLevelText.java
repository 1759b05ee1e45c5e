package dev.skipjack.models.tokenizer.text;

import dev.skipjack.models.tokenizer.pipeline.TokenText;
import dev.skipjack.models.tokenizer.vocabulary.Vocabulary;
import java.nio.charset.StandardCharsets;

/** Tokens spelled in the {@link ByteAlphabet}, beside added tokens that are plain text. */
public record ByteLevelText(Vocabulary vocabulary) implements TokenText {
  private static final byte[] NOTHING = {};

  @Override
  public byte[] bytes(int id, boolean first) {
    String piece = vocabulary.piece(id);
    return switch (vocabulary.kind(id)) {
      case NORMAL, BYTE -> ByteAlphabet.bytes(piece);
      case USER_DEFINED -> piece.getBytes(StandardCharsets.UTF_8);
      case UNKNOWN, CONTROL, UNUSED -> NOTHING;
    };
  }
}
