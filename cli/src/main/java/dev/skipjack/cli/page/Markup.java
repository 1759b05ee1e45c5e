package dev.skipjack.cli.page;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Locale;

/** Writes elements that are well-formed as HTML and as XML. One thread at a time. */
final class Markup {
  private final StringBuilder out = new StringBuilder();
  private final Deque<String> open = new ArrayDeque<>();

  /**
   * Begins an element.
   *
   * @param attributes names and values in turn
   */
  Markup open(String tag, Object... attributes) {
    begin(tag, attributes);
    out.append('>');
    open.push(tag);
    return this;
  }

  /** Ends the innermost element. */
  Markup close() {
    out.append("</").append(open.pop()).append('>');
    return this;
  }

  /** An element that holds nothing. */
  Markup empty(String tag, Object... attributes) {
    begin(tag, attributes);
    out.append("/>");
    return this;
  }

  /** An element that holds text. */
  Markup element(String tag, String text, Object... attributes) {
    return open(tag, attributes).text(text).close();
  }

  /** Text, with what would end it escaped and control characters left out. */
  Markup text(String text) {
    escape(text);
    return this;
  }

  /**
   * Text of an element that HTML takes literally and XML does not, such as a style sheet.
   *
   * @throws IllegalArgumentException if the two would read it differently
   */
  Markup literal(String text) {
    if (text.indexOf('<') >= 0 || text.indexOf('&') >= 0) {
      throw new IllegalArgumentException("literal text with < or &");
    }
    out.append(text);
    return this;
  }

  /** A line end, for whoever reads the source. */
  Markup line() {
    out.append('\n');
    return this;
  }

  private void begin(String tag, Object... attributes) {
    out.append('<').append(tag);
    for (int i = 0; i < attributes.length; i += 2) {
      out.append(' ').append(attributes[i]).append("=\"");
      escape(spell(attributes[i + 1]));
      out.append('"');
    }
  }

  private static String spell(Object value) {
    return value instanceof Double number ? number(number) : "" + value;
  }

  /** A coordinate, as short as a hundredth of a pixel allows. */
  static String number(double value) {
    String text = String.format(Locale.ROOT, "%.2f", value);
    return text.replaceFirst("\\.?0+$", "");
  }

  private void escape(String text) {
    text.codePoints()
        .filter(c -> c == '\n' || c == '\t' || !Character.isISOControl(c))
        .forEach(
            c -> {
              switch (c) {
                case '&' -> out.append("&amp;");
                case '<' -> out.append("&lt;");
                case '>' -> out.append("&gt;");
                case '"' -> out.append("&quot;");
                default -> out.appendCodePoint(c);
              }
            });
  }

  @Override
  public String toString() {
    if (!open.isEmpty()) {
      throw new IllegalStateException("not closed: " + open);
    }
    return out.toString();
  }
}
