package dev.skipjack.models.jinja;

import java.util.List;
import java.util.function.Function;
import java.util.function.Predicate;

/** Filters that choose or transform each item by a test, a filter or an attribute. */
final class SelectionFilters {
  static final NativeTable TABLE =
      new NativeTable()
          .add("select", (v, a, e) -> select(v, a, e, false, true), NativeTable.ANY)
          .add("reject", (v, a, e) -> select(v, a, e, false, false), NativeTable.ANY)
          .add("selectattr", (v, a, e) -> select(v, a, e, true, true), NativeTable.ANY)
          .add("rejectattr", (v, a, e) -> select(v, a, e, true, false), NativeTable.ANY)
          .add("map", SelectionFilters::map, NativeTable.ANY);

  private SelectionFilters() {}

  private static Value select(
      Value value, Bound bound, Evaluation evaluation, boolean byAttribute, boolean kept) {
    Arguments arguments = bound.all();
    if (byAttribute && arguments.positional().isEmpty()) {
      throw new TemplateException(bound.callee() + " needs the name of an attribute");
    }
    Members members = new Members(evaluation);
    Function<Value, Value> subject =
        byAttribute
            ? item -> members.path(item, arguments.positional().getFirst())
            : Function.identity();
    Predicate<Value> test = test(arguments.from(byAttribute ? 1 : 0), evaluation);
    List<Value> selected =
        evaluation.iterate(value).stream()
            .filter(item -> test.test(subject.apply(item)) == kept)
            .toList();
    return evaluation.list(selected);
  }

  /** The test named by the first argument, applied to the others; without one, truth. */
  private static Predicate<Value> test(Arguments arguments, Evaluation evaluation) {
    if (arguments.positional().isEmpty()) {
      return Comparison::truth;
    }
    String name = name(arguments.positional().getFirst());
    return item ->
        Comparison.truth(Tests.TABLE.call("test", name, item, arguments.from(1), evaluation));
  }

  private static Value map(Value value, Bound bound, Evaluation evaluation) {
    return evaluation.list(
        evaluation.iterate(value).stream().map(transformation(bound, evaluation)).toList());
  }

  private static Function<Value, Value> transformation(Bound bound, Evaluation evaluation) {
    Arguments arguments = bound.all();
    if (arguments.positional().isEmpty() && bound.has("attribute")) {
      Members members = new Members(evaluation);
      Value path = bound.require("attribute");
      return item -> {
        Value found = members.path(item, path);
        return found instanceof Value.Undefined ? bound.value("default", found) : found;
      };
    }
    if (arguments.positional().isEmpty()) {
      throw new TemplateException("map needs the name of a filter or of an attribute");
    }
    String name = name(arguments.positional().getFirst());
    return item -> Filters.TABLE.call("filter", name, item, arguments.from(1), evaluation);
  }

  private static String name(Value value) {
    if (value instanceof Text text) {
      return text.string();
    }
    throw new TemplateException("a filter or test is named by a string");
  }
}
