package dev.skipjack.models.jinja;

import java.util.Iterator;

/** Python's {@code str} and {@code repr}. */
final class Printer {
  private static final int ASCII_LIMIT = 0x7f;
  private static final int FIRST_PRINTABLE = 0x20;
  private static final int LATIN_LIMIT = 0x100;

  private final Budget budget;

  Printer(Budget budget) {
    this.budget = budget;
  }

  /** What {@code {{ value }}} prints. */
  Text print(Value value) {
    return switch (value) {
      case Text text -> text;
      case Value.Undefined undefined -> Text.EMPTY;
      default -> represent(value);
    };
  }

  /** The value as a literal. */
  Text represent(Value value) {
    TextBuilder out = new TextBuilder(budget);
    represent(value, out);
    return out.toText();
  }

  private void represent(Value value, TextBuilder out) {
    switch (value) {
      case Text text -> quote(text, out);
      case Value.Int number -> out.append(number.value().toString());
      case Value.Real real -> out.append(Numbers.print(real.value()));
      case Value.Bool bool -> out.append(bool.isTrue() ? "True" : "False");
      case Value.None none -> out.append("None");
      case Value.Undefined undefined -> out.append("Undefined");
      case ListValue list -> list(list, out);
      case DictValue dict -> dict(dict, out);
      case Callable callable -> out.append("<function " + callable.name() + ">");
      case ObjectValue object -> out.append("<" + object.typeName() + ">");
    }
  }

  private void list(ListValue list, TextBuilder out) {
    budget.enter();
    out.append(list.isTuple() ? "(" : "[");
    for (Iterator<Value> items = list.items().iterator(); items.hasNext(); ) {
      represent(items.next(), out);
      out.append(items.hasNext() ? ", " : "");
    }
    boolean single = list.isTuple() && list.items().size() == 1;
    out.append(list.isTuple() ? single ? ",)" : ")" : "]");
    budget.leave();
  }

  private void dict(DictValue dict, TextBuilder out) {
    budget.enter();
    out.append("{");
    for (Iterator<DictValue.Entry> entries = dict.entries().iterator(); entries.hasNext(); ) {
      DictValue.Entry entry = entries.next();
      represent(entry.key(), out);
      out.append(": ");
      represent(entry.value(), out);
      out.append(entries.hasNext() ? ", " : "");
    }
    out.append("}");
    budget.leave();
  }

  private void quote(Text text, TextBuilder out) {
    boolean doubleQuotes = text.string().indexOf('\'') >= 0 && text.string().indexOf('"') < 0;
    char quote = doubleQuotes ? '"' : '\'';
    String mark = String.valueOf(quote);
    out.append(mark).append(text.mapRuns(budget, run -> escape(run, quote))).append(mark);
  }

  private static String escape(String run, char quote) {
    StringBuilder escaped = new StringBuilder(run.length());
    run.codePoints()
        .forEach(
            c -> {
              switch (c) {
                case '\\' -> escaped.append("\\\\");
                case '\n' -> escaped.append("\\n");
                case '\r' -> escaped.append("\\r");
                case '\t' -> escaped.append("\\t");
                default -> {
                  if (c == quote) {
                    escaped.append('\\').append(quote);
                  } else if (isPrintable(c)) {
                    escaped.appendCodePoint(c);
                  } else {
                    escaped.append(hexadecimal(c));
                  }
                }
              }
            });
    return escaped.toString();
  }

  private static String hexadecimal(int codePoint) {
    if (codePoint < LATIN_LIMIT) {
      return "\\x%02x".formatted(codePoint);
    }
    return (Character.isBmpCodePoint(codePoint) ? "\\u%04x" : "\\U%08x").formatted(codePoint);
  }

  private static boolean isPrintable(int codePoint) {
    if (codePoint < ASCII_LIMIT) {
      return codePoint >= FIRST_PRINTABLE;
    }
    return switch (Character.getType(codePoint)) {
      case Character.CONTROL,
          Character.FORMAT,
          Character.SURROGATE,
          Character.PRIVATE_USE,
          Character.UNASSIGNED,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR,
          Character.SPACE_SEPARATOR ->
          false;
      default -> true;
    };
  }
}
