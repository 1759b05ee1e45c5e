package dev.skipjack.models.jinja;

/** White space as Python's {@code str.isspace} has it. */
final class Whitespace {
  private static final int NEXT_LINE = 0x85;

  private Whitespace() {}

  static boolean is(int codePoint) {
    return Character.isWhitespace(codePoint)
        || Character.isSpaceChar(codePoint)
        || codePoint == NEXT_LINE;
  }

  /** The first offset at or after one that is not white space; all white space is in the BMP. */
  static int skip(String text, int from) {
    int offset = from;
    while (offset < text.length() && is(text.charAt(offset))) {
      offset++;
    }
    return offset;
  }

  /** The offset at or before one behind which there is only white space up to there. */
  static int endOfText(String text, int before) {
    int end = before;
    while (end > 0 && is(text.charAt(end - 1))) {
      end--;
    }
    return end;
  }

  static String stripEnd(String text) {
    return text.substring(0, endOfText(text, text.length()));
  }

  static boolean isBlank(String text) {
    return skip(text, 0) == text.length();
  }
}
