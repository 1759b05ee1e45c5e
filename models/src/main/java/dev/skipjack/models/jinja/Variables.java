package dev.skipjack.models.jinja;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What a template sees by name: strings, numbers, booleans, nulls, maps, iterables and {@link
 * Text}s, nested as needed. Not thread-safe while it is being filled.
 */
public final class Variables {
  private record Variable(Object value, boolean trusted) {}

  private final Map<String, Variable> variables = new LinkedHashMap<>();

  /** A variable whose strings belong to the model, such as the spelling of its special tokens. */
  public Variables trusted(String name, Object value) {
    variables.put(name, new Variable(value, true));
    return this;
  }

  /**
   * A variable whose strings come from outside; they stay marked wherever the template puts them.
   */
  public Variables untrusted(String name, Object value) {
    variables.put(name, new Variable(value, false));
    return this;
  }

  /** The variables as the template's values. */
  Map<String, Value> values(Budget budget) {
    Map<String, Value> values = new LinkedHashMap<>();
    variables.forEach(
        (name, variable) ->
            values.put(name, new JavaValues(budget, variable.trusted).of(variable.value)));
    return values;
  }
}
