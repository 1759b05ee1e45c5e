package dev.skipjack.models.tokenizer.text;

/** Java strings may hold half a surrogate pair, which no encoding of Unicode can express. */
public final class WellFormedText {
  private static final char REPLACEMENT = '\uFFFD';

  private WellFormedText() {}

  /** The text with each unpaired surrogate replaced by U+FFFD. */
  public static String of(String text) {
    for (int i = 0; i < text.length(); i++) {
      if (Character.isSurrogate(text.charAt(i))) {
        return repaired(text);
      }
    }
    return text;
  }

  private static String repaired(String text) {
    StringBuilder repaired = new StringBuilder(text.length());
    text.codePoints()
        .forEach(
            codePoint -> {
              boolean half = codePoint <= Character.MAX_VALUE && isSurrogate(codePoint);
              repaired.appendCodePoint(half ? REPLACEMENT : codePoint);
            });
    return repaired.toString();
  }

  private static boolean isSurrogate(int codePoint) {
    return Character.isSurrogate((char) codePoint);
  }
}
