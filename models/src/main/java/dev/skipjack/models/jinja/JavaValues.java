package dev.skipjack.models.jinja;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Copies plain Java data into the values of the template language. Only data: an object of any
 * other class is refused, so there is nothing a template could reflect upon.
 */
final class JavaValues {
  private final Budget budget;
  private final boolean trusted;

  /**
   * @param trusted whether strings are the model's own rather than a user's
   */
  JavaValues(Budget budget, boolean trusted) {
    this.budget = budget;
    this.trusted = trusted;
  }

  Value of(Object object) {
    return switch (object) {
      case null -> Value.None.NONE;
      case Value value -> value;
      case String string -> {
        budget.admitText(string.length());
        yield Text.of(string, trusted);
      }
      case Boolean bool -> Value.Bool.of(bool);
      case Double number -> new Value.Real(number);
      case Float number -> new Value.Real(Double.parseDouble(number.toString()));
      case BigDecimal number -> new Value.Real(number.doubleValue());
      case BigInteger number -> new Value.Int(number);
      case Number number -> Value.Int.of(number.longValue());
      case Optional<?> optional -> of(optional.orElse(null));
      case Map<?, ?> map -> budget.nested(() -> dict(map));
      case Iterable<?> items -> budget.nested(() -> list(items));
      default ->
          throw new IllegalArgumentException(
              "a template variable cannot hold a " + object.getClass().getName());
    };
  }

  private Value dict(Map<?, ?> map) {
    DictValue.Builder dict = new DictValue.Builder(budget);
    map.forEach((key, value) -> dict.put(of(key), of(value)));
    return dict.build();
  }

  private Value list(Iterable<?> items) {
    List<Value> list = new ArrayList<>();
    for (Object item : items) {
      list.add(of(item));
      budget.admitCollection(list.size());
      budget.step(1);
    }
    return ListValue.list(list);
  }
}
