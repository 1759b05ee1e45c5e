package dev.skipjack.models.tokenizer.normalize;

import dev.skipjack.models.tokenizer.pipeline.Normalizer;
import dev.skipjack.models.tokenizer.scan.CharClass;
import java.text.Normalizer.Form;

/**
 * The clean-up before WordPiece (Devlin et al. 2019).
 *
 * @param clean drop control characters and make all white space a space
 * @param separateIdeographs put spaces around Chinese characters
 * @param stripAccents drop accents
 * @param lowercase make capitals small
 */
public record BertNormalizer(
    boolean clean, boolean separateIdeographs, boolean stripAccents, boolean lowercase)
    implements Normalizer {
  private static final Normalizer DECOMPOSED = Normalizers.form(Form.NFD);
  private static final int REPLACEMENT = 0xFFFD;
  private static final int[][] IDEOGRAPHS = {
    {0x4E00, 0x9FFF}, {0x3400, 0x4DBF}, {0x20000, 0x2A6DF}, {0x2A700, 0x2B73F},
    {0x2B740, 0x2B81F}, {0x2B920, 0x2CEAF}, {0xF900, 0xFAFF}, {0x2F800, 0x2FA1F}
  };

  @Override
  public String normalize(String text) {
    String result = clean ? Normalizers.map(text, BertNormalizer::cleaned) : text;
    if (separateIdeographs) {
      result = separated(result);
    }
    if (stripAccents) {
      result = Normalizers.stripAccents(DECOMPOSED.normalize(result));
    }
    return lowercase ? Normalizers.lowercase(result) : result;
  }

  private static int cleaned(int c) {
    if (c == '\t' || c == '\n' || c == '\r') {
      return ' ';
    }
    boolean dropped =
        switch (Character.getType(c)) {
          case Character.CONTROL, Character.FORMAT, Character.PRIVATE_USE -> true;
          default -> c == REPLACEMENT;
        };
    return dropped ? -1 : CharClass.isSpace(c) ? ' ' : c;
  }

  private static String separated(String text) {
    StringBuilder result = new StringBuilder(text.length());
    text.codePoints()
        .forEach(
            c -> {
              if (isIdeograph(c)) {
                result.append(' ').appendCodePoint(c).append(' ');
              } else {
                result.appendCodePoint(c);
              }
            });
    return result.toString();
  }

  private static boolean isIdeograph(int c) {
    for (int[] range : IDEOGRAPHS) {
      if (c >= range[0] && c <= range[1]) {
        return true;
      }
    }
    return false;
  }
}
