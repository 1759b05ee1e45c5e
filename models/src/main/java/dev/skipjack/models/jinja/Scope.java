package dev.skipjack.models.jinja;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** Variables of a block; assignments stay inside, look-ups continue outside. */
final class Scope {
  private final Optional<Scope> outer;
  private final Map<String, Value> variables = new HashMap<>();

  private Scope(Optional<Scope> outer) {
    this.outer = outer;
  }

  static Scope global(Map<String, Value> variables) {
    Scope scope = new Scope(Optional.empty());
    scope.variables.putAll(variables);
    return scope;
  }

  Scope inner() {
    return new Scope(Optional.of(this));
  }

  void set(String name, Value value) {
    variables.put(name, value);
  }

  Value get(String name) {
    for (Optional<Scope> scope = Optional.of(this); scope.isPresent(); scope = scope.get().outer) {
      Value value = scope.get().variables.get(name);
      if (value != null) {
        return value;
      }
    }
    return Value.Undefined.variable(name);
  }
}
