package dev.skipjack.models.jinja;

import dev.skipjack.models.jinja.Expression.Operator;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** Filters that order, group or reduce; strings compare without case unless asked otherwise. */
final class OrderFilters {
  static final NativeTable TABLE =
      new NativeTable()
          .add("sort", OrderFilters::sort, "reverse", "case_sensitive", "attribute")
          .add("unique", OrderFilters::unique, "case_sensitive", "attribute")
          .add("min", (v, a, e) -> extreme(v, a, e, -1), "case_sensitive", "attribute")
          .add("max", (v, a, e) -> extreme(v, a, e, 1), "case_sensitive", "attribute")
          .add("sum", OrderFilters::sum, "attribute", "start")
          .add("groupby", OrderFilters::groupBy, "attribute", "default", "case_sensitive")
          .add("dictsort", OrderFilters::dictSort, "case_sensitive", "by", "reverse");

  private static final List<String> GROUP_NAMES = List.of("grouper", "list");

  private OrderFilters() {}

  private static Value sort(Value value, Bound arguments, Evaluation evaluation) {
    List<Function<Value, Value>> keys = new ArrayList<>();
    if (arguments.find("attribute").orElse(Value.None.NONE) instanceof Text paths) {
      for (String path : paths.string().split(",", -1)) {
        keys.add(key(arguments, evaluation, Optional.of(Text.trusted(path))));
      }
    } else {
      keys.add(key(arguments, evaluation, arguments.find("attribute")));
    }
    List<Value> sorted =
        sorted(
            evaluation.iterate(value),
            item -> ListValue.tuple(keys.stream().map(key -> key.apply(item)).toList()),
            arguments.flag("reverse", false),
            evaluation);
    return evaluation.list(sorted);
  }

  /** What an item is compared by. */
  private static Function<Value, Value> key(
      Bound arguments, Evaluation evaluation, Optional<Value> path) {
    Members members = new Members(evaluation);
    boolean caseSensitive = arguments.flag("case_sensitive", false);
    return item -> {
      Value found = path.map(attribute -> members.path(item, attribute)).orElse(item);
      return found instanceof Text text && !caseSensitive
          ? TextCase.lower(text, evaluation.budget())
          : found;
    };
  }

  private static <T> List<T> sorted(
      List<T> items, Function<T, Value> key, boolean reverse, Evaluation evaluation) {
    record Keyed<T>(Value key, T item) {}
    Comparator<Keyed<T>> order =
        (a, b) -> {
          evaluation.budget().step(1);
          return Comparison.compare(a.key, b.key, evaluation.budget());
        };
    return items.stream()
        .map(item -> new Keyed<>(key.apply(item), item))
        .sorted(reverse ? order.reversed() : order)
        .map(Keyed::item)
        .toList();
  }

  private static Value unique(Value value, Bound arguments, Evaluation evaluation) {
    Function<Value, Value> key = key(arguments, evaluation, arguments.find("attribute"));
    List<Value> seen = new ArrayList<>();
    List<Value> unique = new ArrayList<>();
    for (Value item : evaluation.iterate(value)) {
      Value candidate = key.apply(item);
      if (!Comparison.contains(ListValue.list(seen), candidate, evaluation.budget())) {
        seen.add(candidate);
        unique.add(item);
      }
    }
    return evaluation.list(unique);
  }

  private static Value extreme(Value value, Bound arguments, Evaluation evaluation, int sign) {
    Function<Value, Value> key = key(arguments, evaluation, arguments.find("attribute"));
    Optional<Value> best = Optional.empty();
    for (Value item : evaluation.iterate(value)) {
      if (best.isEmpty()
          || sign * Comparison.compare(key.apply(item), key.apply(best.get()), evaluation.budget())
              > 0) {
        best = Optional.of(item);
      }
    }
    return best.orElseGet(
        () -> new Value.Undefined("an empty sequence has no " + arguments.callee()));
  }

  private static Value sum(Value value, Bound arguments, Evaluation evaluation) {
    Members members = new Members(evaluation);
    Value total = arguments.value("start", Value.Int.of(0));
    for (Value item : evaluation.iterate(value)) {
      Value term = arguments.find("attribute").map(path -> members.path(item, path)).orElse(item);
      total = evaluation.operators().apply(Operator.ADD, total, term);
    }
    return total;
  }

  private static Value groupBy(Value value, Bound arguments, Evaluation evaluation) {
    Members members = new Members(evaluation);
    Value path = arguments.require("attribute");
    boolean caseSensitive = arguments.flag("case_sensitive", false);
    Function<Value, Value> attribute =
        item -> {
          Value found = members.path(item, path);
          return found instanceof Value.Undefined ? arguments.value("default", found) : found;
        };
    Function<Value, Value> key =
        item ->
            attribute.apply(item) instanceof Text text && !caseSensitive
                ? TextCase.lower(text, evaluation.budget())
                : attribute.apply(item);
    List<Value> groups = new ArrayList<>();
    List<Value> group = new ArrayList<>();
    for (Value item : sorted(evaluation.iterate(value), key, false, evaluation)) {
      boolean continues =
          !group.isEmpty()
              && Comparison.equal(
                  key.apply(group.getFirst()), key.apply(item), evaluation.budget());
      if (!continues && !group.isEmpty()) {
        groups.add(group(attribute.apply(group.getFirst()), group));
        group.clear();
      }
      group.add(item);
    }
    if (!group.isEmpty()) {
      groups.add(group(attribute.apply(group.getFirst()), group));
    }
    return evaluation.list(groups);
  }

  private static Value group(Value key, List<Value> items) {
    return ListValue.namedTuple(GROUP_NAMES, key, ListValue.list(items));
  }

  private static Value dictSort(Value value, Bound arguments, Evaluation evaluation) {
    if (!(value instanceof DictValue dict)) {
      throw new TemplateException("dictsort needs a dict, not a " + value.typeName());
    }
    int position =
        Arrays.asList("key", "value").indexOf(arguments.text("by", Text.trusted("key")).string());
    if (position < 0) {
      throw new TemplateException("dictsort sorts by 'key' or 'value'");
    }
    Function<Value, Value> key = key(arguments, evaluation, Optional.of(Value.Int.of(position)));
    List<Value> entries = List.copyOf(CollectionMethods.entries(dict));
    return evaluation.list(sorted(entries, key, arguments.flag("reverse", false), evaluation));
  }
}
