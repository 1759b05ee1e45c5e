package dev.skipjack.models.jinja;

import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Python's {@code json.dumps}: the spacing models were trained on. Text of users anywhere in the
 * value makes the whole result untrusted.
 */
final class JsonPrinter {
  private static final int FIRST_PRINTABLE = 0x20;
  private static final int ASCII_LIMIT = 0x80;

  private final Budget budget;
  private final Style style;
  private final StringBuilder out = new StringBuilder();
  private boolean trusted = true;
  private int depth;
  private int charged;

  /**
   * How to write.
   *
   * @param indent one level of indentation; absent writes everything on one line
   */
  record Style(
      Optional<String> indent,
      String itemSeparator,
      String keySeparator,
      boolean sortKeys,
      boolean asciiOnly) {
    static final Style COMPACT_LINE = new Style(Optional.empty(), ", ", ": ", false, false);
  }

  private JsonPrinter(Budget budget, Style style) {
    this.budget = budget;
    this.style = style;
  }

  static Text print(Value value, Style style, Budget budget) {
    JsonPrinter printer = new JsonPrinter(budget, style);
    printer.value(value);
    return Text.of(printer.out.toString(), printer.trusted);
  }

  private void value(Value value) {
    budget.admitText(out.length());
    budget.scan(out.length() - charged);
    charged = out.length();
    switch (value) {
      case Text text -> string(text);
      case Value.Int number -> out.append(number.value());
      case Value.Real real -> out.append(real(real.value()));
      case Value.Bool bool -> out.append(bool.isTrue());
      case Value.None none -> out.append("null");
      case ListValue list -> list(list.items());
      case DictValue dict -> dict(dict);
      case Value.Undefined undefined -> throw undefined.failure();
      default ->
          throw new TemplateException("a " + value.typeName() + " cannot be written as JSON");
    }
  }

  private static String real(double value) {
    if (Double.isNaN(value)) {
      return "NaN";
    }
    if (Double.isInfinite(value)) {
      return value < 0 ? "-Infinity" : "Infinity";
    }
    return Numbers.print(value);
  }

  private void list(List<Value> items) {
    bracketed('[', ']', items, this::value);
  }

  private void dict(DictValue dict) {
    Collection<DictValue.Entry> entries = dict.entries();
    if (style.sortKeys) {
      entries =
          entries.stream()
              .sorted(
                  Comparator.comparing(
                      DictValue.Entry::key, (a, b) -> Comparison.compare(a, b, budget)))
              .toList();
    }
    bracketed(
        '{',
        '}',
        entries,
        entry -> {
          key(entry.key());
          out.append(style.keySeparator);
          value(entry.value());
        });
  }

  private void key(Value key) {
    if (key instanceof Text text) {
      string(text);
    } else {
      out.append('"');
      value(key);
      out.append('"');
    }
  }

  private <T> void bracketed(char open, char close, Collection<T> items, Consumer<T> write) {
    out.append(open);
    if (!items.isEmpty()) {
      budget.enter();
      depth++;
      String separator = "";
      for (T item : items) {
        out.append(separator);
        newline();
        write.accept(item);
        separator = style.itemSeparator;
      }
      depth--;
      newline();
      budget.leave();
    }
    out.append(close);
  }

  private void newline() {
    style.indent.ifPresent(
        indent -> {
          budget.admitText(out.length() + (long) indent.length() * depth);
          out.append('\n').repeat(indent, depth);
        });
  }

  private void string(Text text) {
    trusted &= text.isTrusted();
    out.append('"');
    text.string().chars().forEach(c -> character((char) c));
    out.append('"');
  }

  private void character(char c) {
    switch (c) {
      case '"' -> out.append("\\\"");
      case '\\' -> out.append("\\\\");
      case '\n' -> out.append("\\n");
      case '\r' -> out.append("\\r");
      case '\t' -> out.append("\\t");
      case '\b' -> out.append("\\b");
      case '\f' -> out.append("\\f");
      default -> {
        if (c < FIRST_PRINTABLE || style.asciiOnly && c >= ASCII_LIMIT) {
          out.append("\\u%04x".formatted((int) c));
        } else {
          out.append(c);
        }
      }
    }
  }
}
