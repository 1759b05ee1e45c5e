package dev.skipjack.inference.calibration;

import java.util.List;
import java.util.function.Predicate;

/**
 * A named setting of a method, given as text.
 *
 * @param usual its value when none is given
 * @param expected what it takes, in words
 * @param description for people
 */
public record CalibrationSetting(
    String name, String usual, String expected, String description, Predicate<String> valid) {
  /** A whole number of at least {@code least}. */
  public static CalibrationSetting count(String name, int least, int usual, String description) {
    return new CalibrationSetting(
        name,
        "" + usual,
        "a whole number of %d or more".formatted(least),
        description,
        text -> text.matches("[0-9]{1,9}") && Integer.parseInt(text) >= least);
  }

  /** A number above {@code least} and at most {@code most}. */
  public static CalibrationSetting number(
      String name, double least, double most, double usual, String description) {
    return new CalibrationSetting(
        name,
        "" + usual,
        "a number above %s and at most %s".formatted(least, most),
        description,
        text -> isBetween(text, least, most));
  }

  /** One of several words, the first of which is the usual one. */
  public static CalibrationSetting choice(String name, String description, String... choices) {
    List<String> words = List.of(choices);
    return new CalibrationSetting(
        name, words.getFirst(), "one of " + String.join(", ", words), description, words::contains);
  }

  private static boolean isBetween(String text, double least, double most) {
    try {
      double value = Double.parseDouble(text);
      return value > least && value <= most;
    } catch (NumberFormatException e) {
      return false;
    }
  }

  /**
   * The value given, checked.
   *
   * @throws IllegalArgumentException if it is not what the setting takes
   */
  String check(String value) {
    if (!valid.test(value)) {
      throw new IllegalArgumentException(
          "%s: found %s, expected %s".formatted(name, value, expected));
    }
    return value;
  }
}
