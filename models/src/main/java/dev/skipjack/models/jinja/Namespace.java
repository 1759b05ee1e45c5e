package dev.skipjack.models.jinja;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** The one thing whose attributes a template can set, so that loops can pass values outwards. */
final class Namespace implements ObjectValue {
  private final Map<String, Value> attributes = new LinkedHashMap<>();

  Namespace(Map<String, Value> attributes) {
    this.attributes.putAll(attributes);
  }

  void set(String name, Value value, Budget budget) {
    attributes.put(name, value);
    budget.admitCollection(attributes.size());
  }

  @Override
  public Optional<Value> attribute(String name) {
    return Optional.ofNullable(attributes.get(name));
  }

  @Override
  public String typeName() {
    return "Namespace";
  }
}
