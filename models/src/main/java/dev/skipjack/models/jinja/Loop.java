package dev.skipjack.models.jinja;

import java.util.List;
import java.util.Optional;

/** The {@code loop} variable. Its depth counts recursive loops only and therefore is 1. */
final class Loop implements ObjectValue {
  static final String NAME = "loop";

  private final List<Value> items;
  private final Budget budget;
  private Optional<Arguments> lastSeen = Optional.empty();
  private int index = -1;

  Loop(List<Value> items, Budget budget) {
    this.items = items;
    this.budget = budget;
  }

  /** Moves to the next item, if there is one. */
  boolean advance() {
    if (index + 1 >= items.size()) {
      return false;
    }
    budget.iteration();
    index++;
    return true;
  }

  Value item() {
    return items.get(index);
  }

  @Override
  public Optional<Value> attribute(String name) {
    return Optional.ofNullable(
        switch (name) {
          case "index" -> Value.Int.of(index + 1L);
          case "index0" -> Value.Int.of(index);
          case "revindex" -> Value.Int.of((long) items.size() - index);
          case "revindex0" -> Value.Int.of(items.size() - index - 1L);
          case "first" -> Value.Bool.of(index == 0);
          case "last" -> Value.Bool.of(index == items.size() - 1);
          case "length" -> Value.Int.of(items.size());
          case "depth" -> Value.Int.of(1);
          case "depth0" -> Value.Int.of(0);
          case "previtem" -> neighbour(index - 1, "there is no previous item");
          case "nextitem" -> neighbour(index + 1, "there is no next item");
          case "cycle" -> new Callable("cycle", this::cycle);
          case "changed" -> new Callable("changed", this::changed);
          default -> null;
        });
  }

  private Value neighbour(int position, String absent) {
    return position >= 0 && position < items.size()
        ? items.get(position)
        : new Value.Undefined(absent);
  }

  private Value cycle(Arguments arguments) {
    List<Value> choices = arguments.positional();
    if (choices.isEmpty()) {
      throw new TemplateException("loop.cycle needs something to cycle through");
    }
    return choices.get(index % choices.size());
  }

  private Value changed(Arguments arguments) {
    boolean same =
        lastSeen
            .filter(
                seen ->
                    Comparison.equal(
                        ListValue.tuple(seen.positional()),
                        ListValue.tuple(arguments.positional()),
                        budget))
            .isPresent();
    lastSeen = Optional.of(arguments);
    return Value.Bool.of(!same);
  }

  @Override
  public String typeName() {
    return "loop";
  }
}
