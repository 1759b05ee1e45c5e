package dev.skipjack.models.tokenizer.text;

import dev.skipjack.models.tokenizer.pipeline.TokenText;
import dev.skipjack.models.tokenizer.vocabulary.Vocabulary;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * WordPiece tokens: words separated by spaces, continued by tokens with a prefix.
 *
 * @param prefix what marks a token inside a word
 * @param cleanup whether spaces in front of punctuation and contractions are taken away
 */
public record WordPieceText(Vocabulary vocabulary, String prefix, boolean cleanup)
    implements TokenText {
  private static final byte[] NOTHING = {};
  private static final List<List<String>> REPLACEMENTS =
      List.of(
          List.of(" .", "."),
          List.of(" ?", "?"),
          List.of(" !", "!"),
          List.of(" ,", ","),
          List.of(" ' ", "'"),
          List.of(" n't", "n't"),
          List.of(" 'm", "'m"),
          List.of(" do not", " don't"),
          List.of(" 's", "'s"),
          List.of(" 've", "'ve"),
          List.of(" 're", "'re"));

  @Override
  public byte[] bytes(int id, boolean first) {
    String piece = vocabulary.piece(id);
    return switch (vocabulary.kind(id)) {
      case NORMAL, USER_DEFINED, BYTE -> text(piece, first).getBytes(StandardCharsets.UTF_8);
      case UNKNOWN, CONTROL, UNUSED -> NOTHING;
    };
  }

  private String text(String piece, boolean first) {
    String text =
        first ? piece : piece.startsWith(prefix) ? piece.substring(prefix.length()) : " " + piece;
    if (cleanup) {
      for (List<String> replacement : REPLACEMENTS) {
        text = text.replace(replacement.getFirst(), replacement.getLast());
      }
    }
    return text;
  }
}
