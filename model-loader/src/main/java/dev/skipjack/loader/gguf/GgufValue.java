package dev.skipjack.loader.gguf;

import java.util.Arrays;
import java.util.Objects;

/**
 * A metadata value together with how the file stores it. Values look as in {@code Metadata}: {@link
 * Long} for every integer type, {@link Double} for both float types, {@link Boolean}, {@link
 * String}, and arrays {@code long[]}, {@code double[]}, {@code boolean[]}, {@code String[]}.
 *
 * <p>Arrays are shared, not copied; do not modify them.
 *
 * @param type the type of the value or of the elements
 * @param array whether the value is an array
 */
public record GgufValue(GgufType type, boolean array, Object value) {
  /**
   * @throws IllegalArgumentException if the value is not one of the type or is out of its range
   */
  public GgufValue {
    Class<?> expected = representation(type, array);
    if (!expected.isInstance(value)) {
      throw new IllegalArgumentException(
          "%s%s takes a %s, not a %s"
              .formatted(
                  type,
                  array ? " array" : "",
                  expected.getSimpleName(),
                  value.getClass().getSimpleName()));
    }
    if (value instanceof Long number) {
      requireRange(type, number);
    } else if (value instanceof long[] numbers) {
      for (long number : numbers) {
        requireRange(type, number);
      }
    }
  }

  public static GgufValue string(String value) {
    return new GgufValue(GgufType.STRING, false, value);
  }

  public static GgufValue strings(String... values) {
    return new GgufValue(GgufType.STRING, true, values);
  }

  public static GgufValue bool(boolean value) {
    return new GgufValue(GgufType.BOOL, false, value);
  }

  public static GgufValue bools(boolean... values) {
    return new GgufValue(GgufType.BOOL, true, values);
  }

  public static GgufValue u32(long value) {
    return integer(GgufType.U32, value);
  }

  public static GgufValue f32(double value) {
    return new GgufValue(GgufType.F32, false, (double) (float) value);
  }

  /** An integer stored as {@code type}. */
  public static GgufValue integer(GgufType type, long value) {
    return new GgufValue(type, false, value);
  }

  /** An array of integers stored as {@code type}. */
  public static GgufValue integers(GgufType type, long... values) {
    return new GgufValue(type, true, values);
  }

  /** An array of numbers stored as {@code F32} or {@code F64}. */
  public static GgufValue numbers(GgufType type, double... values) {
    return new GgufValue(type, true, values);
  }

  private static Class<?> representation(GgufType type, boolean array) {
    return switch (type) {
      case STRING -> array ? String[].class : String.class;
      case BOOL -> array ? boolean[].class : Boolean.class;
      case F32, F64 -> array ? double[].class : Double.class;
      default -> array ? long[].class : Long.class;
    };
  }

  private static void requireRange(GgufType type, long number) {
    if (number < type.minimum() || number > type.maximum()) {
      throw new IllegalArgumentException(
          "%s holds %d to %d, not %d".formatted(type, type.minimum(), type.maximum(), number));
    }
  }

  /** Arrays are compared by their elements. */
  @Override
  public boolean equals(Object other) {
    return other instanceof GgufValue that
        && type == that.type
        && array == that.array
        && Objects.deepEquals(value, that.value);
  }

  @Override
  public int hashCode() {
    return Arrays.deepHashCode(new Object[] {type, array, value});
  }
}
