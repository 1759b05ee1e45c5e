package dev.skipjack.models.tokenizer.scan;

/**
 * The end of an English contraction: {@code 's|'t|'re|'ve|'m|'ll|'d}.
 *
 * @param letterCase which other forms of these letters count
 */
record Contraction(LetterCase letterCase) implements Scanner {
  /** How letters are compared. */
  enum LetterCase {
    /** Small letters only. */
    EXACT,
    /** Capitals as well. */
    ASCII,
    /** Capitals and the long s (U+017F), which folds to s in Unicode. */
    UNICODE
  }

  private static final char LONG_S = '\u017F';

  @Override
  public int end(String text, int from, int to) {
    if (text.charAt(from) != '\'' || from + 1 >= to) {
      return NONE;
    }
    char first = fold(text.charAt(from + 1));
    if (first == 's' || first == 't' || first == 'm' || first == 'd') {
      return from + 2;
    }
    if (from + 2 >= to) {
      return NONE;
    }
    char second = fold(text.charAt(from + 2));
    boolean two =
        switch (first) {
          case 'r', 'v' -> second == 'e';
          case 'l' -> second == 'l';
          default -> false;
        };
    return two ? from + 3 : NONE;
  }

  private char fold(char letter) {
    if (letterCase != LetterCase.EXACT && letter >= 'A' && letter <= 'Z') {
      return (char) (letter + ('a' - 'A'));
    }
    return letterCase == LetterCase.UNICODE && letter == LONG_S ? 's' : letter;
  }
}
