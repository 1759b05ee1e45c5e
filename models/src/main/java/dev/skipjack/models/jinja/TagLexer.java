package dev.skipjack.models.jinja;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Splits the inside of one tag into tokens, up to its closing mark. */
final class TagLexer {
  private static final List<String> OPERATORS =
      List.of(
          "//", "**", "==", "!=", ">=", "<=", "+", "-", "/", "*", "%", "~", "[", "]", "(", ")", "{",
          "}", ">", "<", "=", ".", ":", "|", ",", ";");

  private static final String DIGITS = "(?:\\d++_)*+\\d++";
  private static final Pattern FLOAT =
      Pattern.compile(
          DIGITS + "(?:(?:\\." + DIGITS + ")?+[eE][+-]?+" + DIGITS + "|\\." + DIGITS + ")");
  private static final Pattern INTEGER =
      Pattern.compile("0[bB](?:_?+[01])++|0[oO](?:_?+[0-7])++|0[xX](?:_?+[0-9a-fA-F])++|" + DIGITS);

  private final String source;
  private final String close;
  private final Deque<String> brackets = new ArrayDeque<>();
  private int position;
  private int line;

  TagLexer(String source, int position, String close) {
    this.source = source;
    this.position = position;
    this.close = close;
  }

  /** Adds tokens and returns the offset of the closing mark, or of the sign before it. */
  int run(int startLine, List<Token> tokens) {
    line = startLine;
    while (true) {
      skipWhitespace();
      if (position >= source.length()) {
        throw new TemplateException("the tag is never closed with '" + close + "'", startLine);
      }
      if (brackets.isEmpty() && atClose()) {
        return position;
      }
      tokens.add(next());
    }
  }

  private void skipWhitespace() {
    int end = Whitespace.skip(source, position);
    countLines(end);
    position = end;
  }

  private void countLines(int end) {
    for (int i = position; i < end; i++) {
      if (source.charAt(i) == '\n') {
        line++;
      }
    }
  }

  private boolean atClose() {
    return source.startsWith(close, position)
        || source.startsWith("-" + close, position)
        || close.equals("%}") && source.startsWith("+%}", position);
  }

  private Token next() {
    char first = source.charAt(position);
    if (first == '"' || first == '\'') {
      return string(first);
    }
    if (first >= '0' && first <= '9') {
      return number();
    }
    int end = nameEnd();
    return end > position ? take(Token.Kind.NAME, end) : operator();
  }

  private Token take(Token.Kind kind, int end) {
    Token token = new Token(kind, source.substring(position, end), line);
    position = end;
    return token;
  }

  private int nameEnd() {
    int end = position;
    while (end < source.length()) {
      int c = source.codePointAt(end);
      boolean fits =
          c == '_'
              || (end == position
                  ? Character.isUnicodeIdentifierStart(c)
                  : Character.isUnicodeIdentifierPart(c) && !Character.isIdentifierIgnorable(c));
      if (!fits) {
        break;
      }
      end += Character.charCount(c);
    }
    return end;
  }

  private Token number() {
    boolean afterDot = position > 0 && source.charAt(position - 1) == '.';
    Matcher decimal = FLOAT.matcher(source).region(position, source.length());
    if (!afterDot && decimal.lookingAt()) {
      return take(Token.Kind.FLOAT, decimal.end());
    }
    Matcher integer = INTEGER.matcher(source).region(position, source.length());
    if (!integer.lookingAt()) {
      throw new TemplateException("a number is malformed", line);
    }
    return take(Token.Kind.INTEGER, integer.end());
  }

  private Token string(char quote) {
    int end = position + 1;
    while (end < source.length() && source.charAt(end) != quote) {
      end += source.charAt(end) == '\\' ? 2 : 1;
    }
    if (end >= source.length()) {
      throw new TemplateException("the string is never closed", line);
    }
    String decoded = StringEscapes.decode(source.substring(position + 1, end), line);
    Token token = new Token(Token.Kind.STRING, decoded, line);
    countLines(end);
    position = end + 1;
    return token;
  }

  private Token operator() {
    for (String operator : OPERATORS) {
      if (source.startsWith(operator, position)) {
        balance(operator);
        return take(Token.Kind.OPERATOR, position + operator.length());
      }
    }
    String found = Character.toString(source.codePointAt(position));
    throw new TemplateException("unexpected character '" + found + "'", line);
  }

  private void balance(String operator) {
    switch (operator) {
      case "(" -> brackets.push(")");
      case "[" -> brackets.push("]");
      case "{" -> brackets.push("}");
      case ")", "]", "}" -> {
        if (brackets.isEmpty() || !brackets.pop().equals(operator)) {
          throw new TemplateException("'" + operator + "' closes nothing", line);
        }
      }
      default -> {}
    }
  }
}
