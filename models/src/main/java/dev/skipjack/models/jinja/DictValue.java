package dev.skipjack.models.jinja;

import java.math.BigDecimal;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** A dictionary in insertion order. Immutable once built, as in the sandbox it imitates. */
final class DictValue implements Value {
  static final DictValue EMPTY = new DictValue(Map.of());

  private final Map<Object, Entry> entries;

  private DictValue(Map<Object, Entry> entries) {
    this.entries = entries;
  }

  /**
   * A key with its value.
   *
   * @param key the key as first written
   */
  record Entry(Value key, Value value) {
    ListValue toTuple() {
      return ListValue.tuple(key, value);
    }
  }

  Optional<Value> get(Value key) {
    return Optional.ofNullable(entries.get(identity(key))).map(Entry::value);
  }

  Optional<Value> get(String key) {
    return Optional.ofNullable(entries.get(key)).map(Entry::value);
  }

  Collection<Entry> entries() {
    return Collections.unmodifiableCollection(entries.values());
  }

  int size() {
    return entries.size();
  }

  @Override
  public String typeName() {
    return "dict";
  }

  /** What keys are compared by: Python holds 1, 1.0 and True for the same key. */
  private static Object identity(Value key) {
    return switch (key) {
      case Text text -> text.string();
      case Value.Int number -> new BigDecimal(number.value());
      case Value.Bool bool -> bool.isTrue() ? BigDecimal.ONE : BigDecimal.ZERO;
      case Value.Real real when Double.isFinite(real.value()) -> canonical(real.value());
      case Value.Real real -> real.value();
      case Value.None none -> none;
      default -> throw new TemplateException("a " + key.typeName() + " cannot be a dictionary key");
    };
  }

  private static BigDecimal canonical(double value) {
    BigDecimal exact = new BigDecimal(value);
    return exact.stripTrailingZeros().scale() <= 0 ? exact.setScale(0) : exact;
  }

  /** Collects entries; a repeated key keeps its place and takes the later value. */
  static final class Builder {
    private final Budget budget;
    private final Map<Object, Entry> entries = new LinkedHashMap<>();

    Builder(Budget budget) {
      this.budget = budget;
    }

    Builder put(Value key, Value value) {
      entries.merge(
          identity(key), new Entry(key, value), (old, added) -> new Entry(old.key, added.value));
      budget.admitCollection(entries.size());
      budget.step(1);
      return this;
    }

    Builder put(String key, Value value) {
      return put(Text.trusted(key), value);
    }

    Builder putAll(DictValue other) {
      other.entries().forEach(entry -> put(entry.key(), entry.value()));
      return this;
    }

    DictValue build() {
      return new DictValue(new LinkedHashMap<>(entries));
    }
  }
}
