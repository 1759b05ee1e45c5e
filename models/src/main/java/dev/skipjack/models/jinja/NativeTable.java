package dev.skipjack.models.jinja;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Functions written in Java, by the name templates use. Filters, tests and methods all are a
 * function of a subject (what is filtered or tested, or the method's receiver) and arguments.
 */
final class NativeTable {
  /** A sole parameter of this name takes any number of arguments, read from {@link Bound#all}. */
  static final String ANY = "*";

  private final Map<String, Entry> entries = new HashMap<>();

  /** The body of a function; arguments are bound to the parameters it was registered with. */
  @FunctionalInterface
  interface Body {
    Value apply(Value subject, Bound arguments, Evaluation evaluation);
  }

  private record Entry(String name, List<String> parameters, Body body) {
    Value apply(Value subject, Arguments arguments, Evaluation evaluation) {
      // Whatever it does, a function may read all of its subject.
      evaluation.budget().scan(subject instanceof Text text ? text.string().length() : 0);
      Bound bound =
          parameters.equals(List.of(ANY))
              ? new Bound(name, arguments.named(), arguments)
              : arguments.bind(name, parameters);
      return body.apply(subject, bound, evaluation);
    }
  }

  NativeTable add(String name, Body body, String... parameters) {
    entries.put(name, new Entry(name, List.of(parameters), body));
    return this;
  }

  /** Another name for a function. */
  NativeTable alias(String alias, String name) {
    entries.put(alias, entries.get(name));
    return this;
  }

  NativeTable addAll(NativeTable other) {
    entries.putAll(other.entries);
    return this;
  }

  boolean has(String name) {
    return entries.containsKey(name);
  }

  /**
   * Calls a function.
   *
   * @param kind what the table holds, for the message when the name is not in it
   */
  Value call(String kind, String name, Value subject, Arguments arguments, Evaluation evaluation) {
    Entry entry = entries.get(name);
    if (entry == null) {
      throw new TemplateException("there is no " + kind + " named '" + name + "'");
    }
    return entry.apply(subject, arguments, evaluation);
  }

  /** The function as a method bound to a receiver. */
  Optional<Value> method(String name, Value receiver, Evaluation evaluation) {
    return Optional.ofNullable(entries.get(name))
        .map(
            entry -> new Callable(name, arguments -> entry.apply(receiver, arguments, evaluation)));
  }
}
