package dev.skipjack.models.tokenizer.text;

import dev.skipjack.models.tokenizer.pipeline.TokenText;
import dev.skipjack.models.tokenizer.vocabulary.Vocabulary;
import java.nio.charset.StandardCharsets;

/**
 * Tokens whose spaces are written as U+2581, beside byte tokens {@code <0xNN>}.
 *
 * @param dropFirstSpace whether encoding put a space before the text that decoding takes away again
 */
public record SpacedText(Vocabulary vocabulary, boolean dropFirstSpace) implements TokenText {
  private static final byte[] NOTHING = {};

  @Override
  public byte[] bytes(int id, boolean first) {
    String piece = vocabulary.piece(id);
    return switch (vocabulary.kind(id)) {
      case NORMAL -> {
        String text = SpaceMarker.unmark(piece);
        boolean drop = first && dropFirstSpace && text.startsWith(" ");
        yield (drop ? text.substring(1) : text).getBytes(StandardCharsets.UTF_8);
      }
      case BYTE -> oneByte(piece);
      case USER_DEFINED -> piece.getBytes(StandardCharsets.UTF_8);
      case UNKNOWN, CONTROL, UNUSED -> NOTHING;
    };
  }

  private static byte[] oneByte(String piece) {
    int value = Vocabulary.byteValue(piece);
    return value < 0 ? NOTHING : new byte[] {(byte) value};
  }
}
