package dev.skipjack.models.jinja;

import java.util.function.Function;

/**
 * Something a template can call: a macro, a global function, a method bound to its receiver.
 *
 * @param name for messages
 */
record Callable(String name, Function<Arguments, Value> body) implements Value {
  Value call(Arguments arguments) {
    return body.apply(arguments);
  }

  @Override
  public String typeName() {
    return "function";
  }
}
