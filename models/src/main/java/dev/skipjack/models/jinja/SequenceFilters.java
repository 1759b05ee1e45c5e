package dev.skipjack.models.jinja;

import java.util.ArrayList;
import java.util.List;

/** Filters over lists, dictionaries and strings as wholes. */
final class SequenceFilters {
  static final NativeTable TABLE =
      new NativeTable()
          .add("length", (v, a, e) -> Value.Int.of(e.length(v)))
          .alias("count", "length")
          .add("list", (v, a, e) -> e.list(e.iterate(v)))
          .add("first", (v, a, e) -> end(e.iterate(v), true))
          .add("last", (v, a, e) -> end(e.iterate(v), false))
          .add("reverse", SequenceFilters::reverse)
          .add("join", SequenceFilters::join, "d", "attribute")
          .add("default", SequenceFilters::absent, "default_value", "boolean")
          .alias("d", "default")
          .add("items", SequenceFilters::items)
          .add("batch", SequenceFilters::batch, "linecount", "fill_with")
          .add("slice", SequenceFilters::slice, "slices", "fill_with")
          .add("attr", SequenceFilters::attribute, "name");

  private SequenceFilters() {}

  private static Value end(List<Value> items, boolean first) {
    if (items.isEmpty()) {
      return new Value.Undefined(
          "an empty sequence has no " + (first ? "first" : "last") + " item");
    }
    return first ? items.getFirst() : items.getLast();
  }

  private static Value reverse(Value value, Bound arguments, Evaluation evaluation) {
    List<Value> reversed = evaluation.iterate(value).reversed();
    if (!(value instanceof Text)) {
      return evaluation.list(reversed);
    }
    TextBuilder text = evaluation.builder();
    reversed.forEach(character -> text.append((Text) character));
    return text.toText();
  }

  private static Value join(Value value, Bound arguments, Evaluation evaluation) {
    Members members = new Members(evaluation);
    List<Text> parts = new ArrayList<>();
    for (Value item : evaluation.iterate(value)) {
      Value part = arguments.find("attribute").map(path -> members.path(item, path)).orElse(item);
      parts.add(evaluation.print(part));
    }
    Text separator = evaluation.print(arguments.value("d", Text.EMPTY));
    return TextEdits.join(separator, parts, evaluation.budget());
  }

  private static Value absent(Value value, Bound arguments, Evaluation evaluation) {
    boolean missing =
        value instanceof Value.Undefined
            || arguments.flag("boolean", false) && !Comparison.truth(value);
    return missing ? arguments.value("default_value", Text.EMPTY) : value;
  }

  private static Value items(Value value, Bound arguments, Evaluation evaluation) {
    return switch (value) {
      case Value.Undefined undefined -> ListValue.list(List.of());
      case DictValue dict -> evaluation.list(CollectionMethods.entries(dict));
      default -> throw new TemplateException("items needs a dict, not a " + value.typeName());
    };
  }

  /** Rows of a given length; the last one is filled up when there is something to fill with. */
  private static Value batch(Value value, Bound arguments, Evaluation evaluation) {
    List<Value> items = evaluation.iterate(value);
    int size = positive(arguments, "linecount");
    List<Value> rows = new ArrayList<>();
    for (int from = 0; from < items.size(); from += size) {
      List<Value> row = new ArrayList<>(items.subList(from, Math.min(items.size(), from + size)));
      evaluation.budget().admitCollection(size);
      while (arguments.find("fill_with").isPresent() && row.size() < size) {
        row.add(arguments.require("fill_with"));
      }
      rows.add(evaluation.list(row));
    }
    return evaluation.list(rows);
  }

  /** A given number of columns, the first ones longer by one when it does not divide. */
  private static Value slice(Value value, Bound arguments, Evaluation evaluation) {
    List<Value> items = evaluation.iterate(value);
    int count = positive(arguments, "slices");
    evaluation.budget().collection(count);
    int longer = items.size() % count;
    List<Value> columns = new ArrayList<>();
    int from = 0;
    for (int i = 0; i < count; i++) {
      int to = from + items.size() / count + (i < longer ? 1 : 0);
      List<Value> column = new ArrayList<>(items.subList(from, to));
      if (arguments.find("fill_with").isPresent() && i >= longer) {
        column.add(arguments.require("fill_with"));
      }
      columns.add(evaluation.list(column));
      from = to;
    }
    return evaluation.list(columns);
  }

  private static int positive(Bound arguments, String parameter) {
    int number = arguments.integer(parameter);
    if (number < 1) {
      throw new TemplateException(arguments.callee() + " needs a positive '" + parameter + "'");
    }
    return number;
  }

  private static Value attribute(Value value, Bound arguments, Evaluation evaluation) {
    return value instanceof DictValue dict
        ? CollectionMethods.DICT
            .method(arguments.text("name").string(), dict, evaluation)
            .orElseGet(() -> Value.Undefined.member(dict, arguments.text("name").string()))
        : new Members(evaluation).attribute(value, arguments.text("name").string());
  }
}
