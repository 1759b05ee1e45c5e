package dev.skipjack.models.jinja;

import java.time.ZonedDateTime;
import java.util.ArrayList;
import java.util.List;

/**
 * What native functions need of the rendering they run in. One per rendering, not thread-safe.
 *
 * @param now the time templates see
 */
record Evaluation(Budget budget, Operators operators, Printer printer, ZonedDateTime now) {
  Evaluation(Budget budget, ZonedDateTime now) {
    this(budget, new Operators(budget), new Printer(budget), now);
  }

  Text print(Value value) {
    return printer.print(value);
  }

  TextBuilder builder() {
    return new TextBuilder(budget);
  }

  /** A new list within the budget. */
  ListValue list(List<? extends Value> items) {
    budget.collection(items.size());
    return ListValue.list(items);
  }

  /** What a loop over a value visits: items, keys or characters. */
  List<Value> iterate(Value value) {
    return switch (value) {
      case ListValue list -> {
        budget.step(list.items().size());
        yield List.copyOf(list.items());
      }
      case DictValue dict -> {
        budget.step(dict.size());
        yield dict.entries().stream().map(DictValue.Entry::key).toList();
      }
      case Text text -> characters(text);
      case Value.Undefined undefined -> List.of();
      default -> throw new TemplateException("a " + value.typeName() + " cannot be iterated");
    };
  }

  private List<Value> characters(Text text) {
    budget.collection(text.length());
    List<Value> characters = new ArrayList<>();
    String string = text.string();
    for (int from = 0; from < string.length(); ) {
      int to = from + Character.charCount(string.codePointAt(from));
      characters.add(text.range(from, to));
      from = to;
    }
    return characters;
  }

  /** The number of items, keys or code points. */
  int length(Value value) {
    return switch (value) {
      case ListValue list -> list.items().size();
      case DictValue dict -> dict.size();
      case Text text -> {
        budget.scan(text.string().length());
        yield text.length();
      }
      case Value.Undefined undefined -> 0;
      default -> throw new TemplateException("a " + value.typeName() + " has no length");
    };
  }
}
