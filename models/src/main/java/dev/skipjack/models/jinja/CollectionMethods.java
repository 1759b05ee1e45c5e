package dev.skipjack.models.jinja;

import java.util.List;
import java.util.Optional;

/**
 * The methods of dictionaries, lists and tuples. As in the sandbox of the reference implementation
 * nothing modifies a value, except that a list can be appended to: templates collect results so.
 */
final class CollectionMethods {
  static final NativeTable DICT =
      new NativeTable()
          .add("items", (d, a, e) -> e.list(entries(d)))
          .add("keys", (d, a, e) -> e.list(e.iterate(d)))
          .add(
              "values",
              (d, a, e) ->
                  e.list(((DictValue) d).entries().stream().map(DictValue.Entry::value).toList()))
          .add("get", CollectionMethods::get, "key", "default")
          .add("copy", (d, a, e) -> d);

  static final NativeTable TUPLE =
      new NativeTable()
          .add("index", CollectionMethods::index, "value")
          .add("count", CollectionMethods::count, "value");

  static final NativeTable LIST =
      new NativeTable()
          .addAll(TUPLE)
          .add("append", CollectionMethods::append, "item")
          .add("copy", (l, a, e) -> e.list(items(l)));

  private CollectionMethods() {}

  /** The entries of a dictionary as pairs. */
  static List<ListValue> entries(Value dict) {
    return ((DictValue) dict).entries().stream().map(DictValue.Entry::toTuple).toList();
  }

  private static List<Value> items(Value list) {
    return ((ListValue) list).items();
  }

  private static Value get(Value dict, Bound arguments, Evaluation evaluation) {
    Value key = arguments.require("key");
    Optional<Value> found =
        key instanceof Value.Undefined ? Optional.empty() : ((DictValue) dict).get(key);
    return found.orElseGet(() -> arguments.value("default", Value.None.NONE));
  }

  private static Value append(Value list, Bound arguments, Evaluation evaluation) {
    ((ListValue) list).append(arguments.require("item"), evaluation.budget());
    return Value.None.NONE;
  }

  private static Value index(Value list, Bound arguments, Evaluation evaluation) {
    List<Value> items = items(list);
    for (int i = 0; i < items.size(); i++) {
      evaluation.budget().step(1);
      if (Comparison.equal(items.get(i), arguments.require("value"), evaluation.budget())) {
        return Value.Int.of(i);
      }
    }
    throw new TemplateException("the value is not in the list");
  }

  private static Value count(Value list, Bound arguments, Evaluation evaluation) {
    evaluation.budget().step(items(list).size());
    return Value.Int.of(
        items(list).stream()
            .filter(item -> Comparison.equal(item, arguments.require("value"), evaluation.budget()))
            .count());
  }
}
