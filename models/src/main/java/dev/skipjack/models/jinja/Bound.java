package dev.skipjack.models.jinja;

import java.util.Map;
import java.util.Optional;

/**
 * Arguments by parameter name.
 *
 * @param all the arguments as they were passed, for functions with a variable number of them
 */
record Bound(String callee, Map<String, Value> values, Arguments all) {

  /** The argument, unless it is absent or {@code None}. */
  Optional<Value> find(String parameter) {
    return Optional.ofNullable(values.get(parameter)).filter(value -> value != Value.None.NONE);
  }

  boolean has(String parameter) {
    return values.containsKey(parameter);
  }

  Value value(String parameter, Value absent) {
    return values.getOrDefault(parameter, absent);
  }

  Value require(String parameter) {
    Value value = values.get(parameter);
    if (value == null) {
      throw new TemplateException(callee + " needs an argument '" + parameter + "'");
    }
    return value;
  }

  Text text(String parameter) {
    return asText(parameter, require(parameter));
  }

  Text text(String parameter, Text absent) {
    return find(parameter).map(value -> asText(parameter, value)).orElse(absent);
  }

  int integer(String parameter) {
    return asInteger(parameter, require(parameter));
  }

  int integer(String parameter, int absent) {
    return find(parameter).map(value -> asInteger(parameter, value)).orElse(absent);
  }

  boolean flag(String parameter, boolean absent) {
    return find(parameter).map(Comparison::truth).orElse(absent);
  }

  private Text asText(String parameter, Value value) {
    if (value instanceof Text text) {
      return text;
    }
    throw mismatch(parameter, "a string", value);
  }

  private int asInteger(String parameter, Value value) {
    return Numbers.integer(value)
        .map(Numbers::clamp)
        .orElseThrow(() -> mismatch(parameter, "an integer", value));
  }

  private TemplateException mismatch(String parameter, String expected, Value found) {
    return new TemplateException(
        "%s needs %s as '%s', not a %s".formatted(callee, expected, parameter, found.typeName()));
  }
}
