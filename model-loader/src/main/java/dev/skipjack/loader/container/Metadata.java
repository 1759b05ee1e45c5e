package dev.skipjack.loader.container;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.Set;

/**
 * Typed key-value metadata of a model file. Values are {@link Long}, {@link Double}, {@link
 * Boolean}, {@link String}, or arrays {@code long[]}, {@code double[]}, {@code boolean[]}, {@code
 * String[]}. Immutable. A key of another type than asked for is a {@link ModelFormatException}.
 */
public final class Metadata {
  private final String source;
  private final Map<String, Object> values;

  /**
   * @param source the file, for messages
   */
  public Metadata(String source, Map<String, Object> values) {
    this.source = source;
    this.values = Collections.unmodifiableMap(new LinkedHashMap<>(values));
  }

  /** The file, for messages. */
  public String source() {
    return source;
  }

  public Set<String> keys() {
    return values.keySet();
  }

  public boolean has(String key) {
    return values.containsKey(key);
  }

  /** The value as stored; do not modify arrays. */
  public Optional<Object> value(String key) {
    return Optional.ofNullable(values.get(key));
  }

  public Optional<String> string(String key) {
    return typed(key, String.class, "a string");
  }

  public Optional<Boolean> bool(String key) {
    return typed(key, Boolean.class, "a boolean");
  }

  /** An integer in int range; integral floating point values count. */
  public OptionalInt integer(String key) {
    Object value = values.get(key);
    if (value == null) {
      return OptionalInt.empty();
    }
    if (value instanceof Long number && number == (int) (long) number) {
      return OptionalInt.of((int) (long) number);
    }
    if (value instanceof Double number && number == (int) (double) number) {
      return OptionalInt.of((int) (double) number);
    }
    throw mismatch(key, value, "an integer in int range");
  }

  public OptionalDouble number(String key) {
    return switch (values.get(key)) {
      case null -> OptionalDouble.empty();
      case Long number -> OptionalDouble.of(number);
      case Double number -> OptionalDouble.of(number);
      case Object other -> throw mismatch(key, other, "a number");
    };
  }

  public Optional<long[]> integers(String key) {
    return typed(key, long[].class, "an array of integers");
  }

  /** An array of numbers; integer arrays are converted. */
  public Optional<double[]> numbers(String key) {
    return switch (values.get(key)) {
      case null -> Optional.empty();
      case double[] array -> Optional.of(array);
      case long[] array -> {
        double[] converted = new double[array.length];
        for (int i = 0; i < array.length; i++) {
          converted[i] = array[i];
        }
        yield Optional.of(converted);
      }
      case Object other -> throw mismatch(key, other, "an array of numbers");
    };
  }

  public Optional<boolean[]> bools(String key) {
    return typed(key, boolean[].class, "an array of booleans");
  }

  /** The strings of an array, as an unmodifiable view. */
  public Optional<List<String>> strings(String key) {
    return typed(key, String[].class, "an array of strings")
        .map(array -> Collections.unmodifiableList(java.util.Arrays.asList(array)));
  }

  public String requireString(String key) {
    return string(key).orElseThrow(() -> missing(key, "a string"));
  }

  public int requireInteger(String key) {
    return integer(key).orElseThrow(() -> missing(key, "an integer"));
  }

  public double requireNumber(String key) {
    return number(key).orElseThrow(() -> missing(key, "a number"));
  }

  private <T> Optional<T> typed(String key, Class<T> type, String expected) {
    Object value = values.get(key);
    if (value != null && !type.isInstance(value)) {
      throw mismatch(key, value, expected);
    }
    return Optional.ofNullable(type.cast(value));
  }

  private ModelFormatException mismatch(String key, Object value, String expected) {
    return new ModelFormatException(source, "key " + key, describe(value), expected);
  }

  private ModelFormatException missing(String key, String expected) {
    return new ModelFormatException(source, "key " + key, "nothing", expected);
  }

  private static String describe(Object value) {
    return value.getClass().isArray()
        ? "an array of " + value.getClass().getComponentType().getSimpleName()
        : value instanceof String
            ? "the string \"" + abbreviate((String) value) + "\""
            : "" + value;
  }

  private static String abbreviate(String text) {
    return text.length() <= 40 ? text : text.substring(0, 40) + "...";
  }
}
