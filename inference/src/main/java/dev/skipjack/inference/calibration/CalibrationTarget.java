package dev.skipjack.inference.calibration;

import java.util.OptionalDouble;

/**
 * What a calibration aims at: one number in a range.
 *
 * @param meaning for example {@code fraction of gates that are skipped}; empty if there is none
 * @param least exclusive
 * @param most inclusive
 * @param usual the target when none is given
 */
public record CalibrationTarget(String meaning, double least, double most, double usual) {
  /** Of a method that aims at nothing. */
  public static final CalibrationTarget NONE = new CalibrationTarget("", 0, 0, 0);

  /** A fraction above 0 and below 1. */
  public static CalibrationTarget fraction(String meaning, double usual) {
    return new CalibrationTarget(meaning, 0, Math.nextDown(1.0), usual);
  }

  /** Whether a method aims at something. */
  public boolean exists() {
    return !meaning.isEmpty();
  }

  /**
   * The given target, or the usual one.
   *
   * @throws IllegalArgumentException if it is out of range
   */
  double choose(String method, OptionalDouble given) {
    if (given.isEmpty()) {
      return usual;
    }
    double value = given.getAsDouble();
    if (!exists()) {
      throw new IllegalArgumentException(
          "target: found %s, expected none for %s".formatted(value, method));
    }
    if (!(value > least && value <= most)) {
      throw new IllegalArgumentException(
          "target: found %s, expected a number above %s and %s for %s (%s)"
              .formatted(value, text(least), limit(), method, meaning));
    }
    return value;
  }

  private String limit() {
    return most == Math.nextDown(1.0) ? "below 1" : "at most " + text(most);
  }

  private static String text(double value) {
    return value == Math.rint(value) ? "%d".formatted((long) value) : "" + value;
  }
}
