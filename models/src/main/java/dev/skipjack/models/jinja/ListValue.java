package dev.skipjack.models.jinja;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;

/** A list or, when immutable, a tuple. Templates can append to lists, as in Python. */
final class ListValue implements Value {
  private final List<Value> items;
  private final boolean tuple;
  private final List<String> names;

  private ListValue(List<Value> items, boolean tuple) {
    this(items, tuple, List.of());
  }

  private ListValue(List<Value> items, boolean tuple, List<String> names) {
    this.items = items;
    this.tuple = tuple;
    this.names = names;
  }

  /** A list with its own copy of the items. */
  static ListValue list(List<? extends Value> items) {
    return new ListValue(new ArrayList<>(items), false);
  }

  static ListValue tuple(List<? extends Value> items) {
    return new ListValue(List.copyOf(items), true);
  }

  static ListValue tuple(Value... items) {
    return new ListValue(List.of(items), true);
  }

  /** A tuple whose items can also be asked for by name. */
  static ListValue namedTuple(List<String> names, Value... items) {
    return new ListValue(List.of(items), true, names);
  }

  /** The item of a named tuple. */
  Optional<Value> named(String name) {
    int index = names.indexOf(name);
    return index < 0 ? Optional.empty() : Optional.of(items.get(index));
  }

  /** The items, as a read-only view. */
  List<Value> items() {
    return Collections.unmodifiableList(items);
  }

  boolean isTuple() {
    return tuple;
  }

  /** The same kind of sequence with other items. */
  ListValue with(List<? extends Value> others) {
    return tuple ? tuple(others) : list(others);
  }

  void append(Value item, Budget budget) {
    budget.admitCollection(items.size() + 1L);
    items.add(item);
  }

  @Override
  public String typeName() {
    return tuple ? "tuple" : "list";
  }
}
