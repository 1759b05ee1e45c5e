package dev.skipjack.models.jinja;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Evaluated arguments of a call. */
record Arguments(List<Value> positional, Map<String, Value> named) {
  static final Arguments NONE = new Arguments(List.of(), Map.of());

  /** Positional arguments from one index on, and all named ones. */
  Arguments from(int index) {
    return new Arguments(
        positional.subList(Math.min(index, positional.size()), positional.size()), named);
  }

  /** These arguments with one more. */
  Arguments with(String name, Value value) {
    Map<String, Value> extended = new LinkedHashMap<>(named);
    extended.put(name, value);
    return new Arguments(positional, extended);
  }

  /** Assigns arguments to parameters, and complains about those that fit none. */
  Bound bind(String callee, List<String> parameters) {
    if (positional.size() > parameters.size()) {
      throw new TemplateException(
          "%s takes at most %d arguments but got %d"
              .formatted(callee, parameters.size(), positional.size()));
    }
    Map<String, Value> values = new LinkedHashMap<>();
    for (int i = 0; i < positional.size(); i++) {
      values.put(parameters.get(i), positional.get(i));
    }
    named.forEach(
        (name, value) -> {
          if (!parameters.contains(name)) {
            throw new TemplateException(callee + " has no parameter '" + name + "'");
          }
          if (values.put(name, value) != null) {
            throw new TemplateException(callee + " got parameter '" + name + "' twice");
          }
        });
    return new Bound(callee, values, this);
  }
}
