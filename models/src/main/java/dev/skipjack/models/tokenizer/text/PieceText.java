package dev.skipjack.models.tokenizer.text;

import dev.skipjack.models.tokenizer.pipeline.TokenText;
import dev.skipjack.models.tokenizer.vocabulary.Vocabulary;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.function.UnaryOperator;

/**
 * Tokens whose text is their spelling after a few replacements, beside byte tokens {@code <0xNN>}.
 *
 * @param steps applied to each spelling in order
 * @param unknownText what stands for the unknown token
 * @param droppedPrefix what is taken away at the start of the text
 * @param droppedCount how often at most
 */
public record PieceText(
    Vocabulary vocabulary,
    List<UnaryOperator<String>> steps,
    String unknownText,
    String droppedPrefix,
    int droppedCount)
    implements TokenText {
  private static final byte[] NOTHING = {};

  public PieceText {
    steps = List.copyOf(steps);
  }

  @Override
  public byte[] bytes(int id, boolean first) {
    String piece = vocabulary.piece(id);
    return switch (vocabulary.kind(id)) {
      case NORMAL, USER_DEFINED -> text(piece, first).getBytes(StandardCharsets.UTF_8);
      case BYTE -> new byte[] {(byte) Vocabulary.byteValue(piece)};
      case UNKNOWN -> unknownText.getBytes(StandardCharsets.UTF_8);
      case CONTROL, UNUSED -> NOTHING;
    };
  }

  private String text(String piece, boolean first) {
    String text = piece;
    for (UnaryOperator<String> step : steps) {
      text = step.apply(text);
    }
    for (int i = 0; first && i < droppedCount && text.startsWith(droppedPrefix); i++) {
      text = text.substring(droppedPrefix.length());
    }
    return text;
  }
}
