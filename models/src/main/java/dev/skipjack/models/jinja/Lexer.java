package dev.skipjack.models.jinja;

import java.util.ArrayList;
import java.util.List;

/**
 * Splits template source into data and tags. White space is treated as Jinja2 does with {@code
 * trim_blocks} and {@code lstrip_blocks}: the newline after a block tag or comment is dropped, and
 * so is the indentation before one that starts its line; a {@code -} strips all white space on its
 * side, a {@code +} keeps it. One newline at the end of the source is dropped.
 */
final class Lexer {
  private static final int MARK_LENGTH = 2;

  private final String source;
  private final List<Token> tokens = new ArrayList<>();
  private int position;
  private int line = 1;
  private int lineCountedTo;

  private Lexer(String source) {
    this.source = source;
  }

  /** The tokens of a template, ending with one of kind {@link Token.Kind#END}. */
  static List<Token> tokens(String source) {
    String normal = source.replace("\r\n", "\n").replace('\r', '\n');
    String trimmed = normal.endsWith("\n") ? normal.substring(0, normal.length() - 1) : normal;
    return new Lexer(trimmed).run();
  }

  private List<Token> run() {
    while (position < source.length()) {
      int mark = nextMark();
      if (mark < 0) {
        data(source.substring(position));
        position = source.length();
      } else {
        tag(mark);
      }
    }
    add(Token.Kind.END, "");
    return tokens;
  }

  private int nextMark() {
    int brace = source.indexOf('{', position);
    while (brace >= 0 && brace + 1 < source.length()) {
      if ("{%#".indexOf(source.charAt(brace + 1)) >= 0) {
        return brace;
      }
      brace = source.indexOf('{', brace + 1);
    }
    return -1;
  }

  private void tag(int mark) {
    char kind = source.charAt(mark + 1);
    data(textBefore(mark, kind != '{'));
    position = mark + MARK_LENGTH + (isSign(charAt(mark + MARK_LENGTH)) ? 1 : 0);
    switch (kind) {
      case '#' -> comment();
      case '%' -> block();
      default -> {
        add(Token.Kind.OUTPUT_BEGIN, "{{");
        expressionTokens("}}");
        add(Token.Kind.OUTPUT_END, "}}");
      }
    }
  }

  /** The data up to a tag, without the white space that the tag takes away. */
  private String textBefore(int mark, boolean stripsIndentation) {
    String text = source.substring(position, mark);
    char sign = charAt(mark + MARK_LENGTH);
    if (sign == '-') {
      return Whitespace.stripEnd(text);
    }
    if (sign == '+' || !stripsIndentation) {
      return text;
    }
    int lineStart = text.lastIndexOf('\n') + 1;
    boolean startsLine = lineStart > 0 || position == 0 || source.charAt(position - 1) == '\n';
    return startsLine && Whitespace.isBlank(text.substring(lineStart))
        ? text.substring(0, lineStart)
        : text;
  }

  private void comment() {
    int end = source.indexOf("#}", position);
    if (end < 0) {
      throw new TemplateException("the comment is never closed", lineAt(position));
    }
    char sign = end > position ? source.charAt(end - 1) : ' ';
    position = afterTag(end, sign, true);
  }

  private void block() {
    int word = Whitespace.skip(source, position);
    int afterWord = Whitespace.skip(source, word + "raw".length());
    if (source.startsWith("raw", word)
        && (source.startsWith("%}", afterWord) || source.startsWith("-%}", afterWord))) {
      char sign = source.charAt(afterWord);
      position = afterTag(sign == '-' ? afterWord + 1 : afterWord, sign, false);
      raw();
      return;
    }
    add(Token.Kind.TAG_BEGIN, "{%");
    expressionTokens("%}");
    add(Token.Kind.TAG_END, "%}");
  }

  private void raw() {
    int opened = lineAt(position);
    int mark = source.indexOf("{%", position);
    while (mark >= 0) {
      int word =
          Whitespace.skip(
              source, mark + MARK_LENGTH + (isSign(charAt(mark + MARK_LENGTH)) ? 1 : 0));
      int end = Whitespace.skip(source, word + "endraw".length());
      int close = isSign(charAt(end)) ? end + 1 : end;
      if (source.startsWith("endraw", word) && source.startsWith("%}", close)) {
        data(textBefore(mark, true));
        position = afterTag(close, charAt(end), true);
        return;
      }
      mark = source.indexOf("{%", mark + 1);
    }
    throw new TemplateException("the raw block is never closed", opened);
  }

  private void expressionTokens(String close) {
    TagLexer lexer = new TagLexer(source, position, close);
    int end = lexer.run(lineAt(position), tokens);
    char sign = source.charAt(end);
    position = afterTag(isSign(sign) ? end + 1 : end, sign, close.equals("%}"));
  }

  /** Where data goes on after a closing mark, given the sign in front of the mark. */
  private int afterTag(int closeMark, char sign, boolean trimsNewline) {
    int after = closeMark + MARK_LENGTH;
    if (sign == '-') {
      return Whitespace.skip(source, after);
    }
    return trimsNewline && sign != '+' && charAt(after) == '\n' ? after + 1 : after;
  }

  private void data(String text) {
    if (!text.isEmpty()) {
      add(Token.Kind.DATA, text);
    }
  }

  private void add(Token.Kind kind, String text) {
    tokens.add(new Token(kind, text, lineAt(position)));
  }

  /** Offsets are asked for in ascending order, so each newline is counted once. */
  private int lineAt(int offset) {
    for (; lineCountedTo < offset; lineCountedTo++) {
      if (source.charAt(lineCountedTo) == '\n') {
        line++;
      }
    }
    return line;
  }

  private char charAt(int offset) {
    return offset < source.length() ? source.charAt(offset) : '\0';
  }

  private static boolean isSign(char c) {
    return c == '-' || c == '+';
  }
}
