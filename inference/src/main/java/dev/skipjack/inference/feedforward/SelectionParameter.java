package dev.skipjack.inference.feedforward;

import java.util.List;
import java.util.Optional;

/**
 * The number a selection method takes, as in {@code topk:K}.
 *
 * @param symbol what usage texts call it; empty for a method that takes none
 * @param required whether it must be given; otherwise the model may have it
 * @param perLayer whether there may be one for each layer
 * @param expected the condition in words
 */
public record SelectionParameter(
    String symbol, boolean required, boolean perLayer, String expected, Condition condition) {
  public static final SelectionParameter NONE =
      new SelectionParameter("", false, false, "no number", value -> false);

  /** What a value must fulfil. */
  public interface Condition {
    boolean holds(float value);
  }

  public static SelectionParameter required(String symbol, String expected, Condition condition) {
    return new SelectionParameter(symbol, true, false, expected, condition);
  }

  public static SelectionParameter optional(String symbol, String expected, Condition condition) {
    return new SelectionParameter(symbol, false, false, expected, condition);
  }

  public static SelectionParameter perLayer(String symbol, String expected, Condition condition) {
    return new SelectionParameter(symbol, false, true, expected, condition);
  }

  /** A whole number of 1 or more. */
  static boolean isCount(float value) {
    return value >= 1 && value == (int) value;
  }

  /** What is wrong with these values, if anything. */
  public Optional<String> complaint(List<Float> values) {
    if (values.isEmpty()) {
      return required
          ? Optional.of("%s is missing, expected %s".formatted(symbol, expected))
          : Optional.empty();
    }
    if (symbol.isEmpty() || values.size() > 1 && !perLayer) {
      return Optional.of("found %d numbers, expected %s".formatted(values.size(), expected));
    }
    return values.stream()
        .filter(value -> !condition.holds(value))
        .findFirst()
        .map(value -> "%s is %s, expected %s".formatted(symbol, value, expected));
  }

  /** The end of a usage text, for example {@code [:T]}. */
  public String usage() {
    if (symbol.isEmpty()) {
      return "";
    }
    return required ? ":" + symbol : "[:" + symbol + "]";
  }
}
