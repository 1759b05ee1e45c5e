package dev.skipjack.models.jinja;

/** Backslash escapes of string literals, by the rules of Python's {@code unicode-escape}. */
final class StringEscapes {
  private static final String SIMPLE = "\\'\"abfnrtv";
  private static final String MEANING = "\\'\"\u0007\b\f\n\r\t\u000b";
  private static final int MAX_OCTAL_DIGITS = 3;

  private final String text;
  private final int line;
  private final StringBuilder decoded = new StringBuilder();
  private int position;

  private StringEscapes(String text, int line) {
    this.text = text;
    this.line = line;
  }

  static String decode(String text, int line) {
    return text.indexOf('\\') < 0 ? text : new StringEscapes(text, line).run();
  }

  private String run() {
    while (position < text.length()) {
      char c = text.charAt(position++);
      if (c == '\\') {
        escape();
      } else {
        decoded.append(c);
      }
    }
    return decoded.toString();
  }

  private void escape() {
    char kind = text.charAt(position++);
    int simple = SIMPLE.indexOf(kind);
    if (simple >= 0) {
      decoded.append(MEANING.charAt(simple));
      return;
    }
    switch (kind) {
      case '\n' -> {}
      case 'x' -> hexadecimal(2);
      case 'u' -> hexadecimal(4);
      case 'U' -> hexadecimal(8);
      case '0', '1', '2', '3', '4', '5', '6', '7' -> octal();
      case 'N' -> throw new TemplateException("named characters (\\N) are not supported", line);
      default -> decoded.append('\\').append(kind);
    }
  }

  private void hexadecimal(int digits) {
    int end = position + digits;
    int value = 0;
    for (; position < end; position++) {
      int digit = position < text.length() ? Character.digit(text.charAt(position), 16) : -1;
      if (digit < 0) {
        throw new TemplateException("an escape needs " + digits + " hexadecimal digits", line);
      }
      value = value << 4 | digit;
    }
    if (!Character.isValidCodePoint(value)) {
      throw new TemplateException("an escape names no character", line);
    }
    decoded.appendCodePoint(value);
  }

  private void octal() {
    int value = 0;
    int end = Math.min(text.length(), position - 1 + MAX_OCTAL_DIGITS);
    for (position--; position < end; position++) {
      int digit = Character.digit(text.charAt(position), 8);
      if (digit < 0) {
        break;
      }
      value = value * 8 + digit;
    }
    decoded.appendCodePoint(value);
  }
}
