package dev.skipjack.cli;

import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Numbers of options that may also be words, so that picocli does not read them. */
final class Sizes {
  private static final Pattern SIZE = Pattern.compile("(\\d+(?:\\.\\d+)?) ?([A-Za-z]*)");

  /** Decimal units, as they are printed, and the binary ones. */
  private static final Map<String, Double> UNITS =
      Map.of(
          "", 1.0,
          "B", 1.0,
          "KB", 1e3,
          "MB", 1e6,
          "GB", 1e9,
          "MIB", 0x1p20,
          "GIB", 0x1p30);

  private Sizes() {}

  /**
   * A size in bytes.
   *
   * @throws UsageFailure if the text is none
   */
  static long bytes(String option, String text) {
    Matcher matcher = SIZE.matcher(text);
    Double unit = matcher.matches() ? UNITS.get(matcher.group(2).toUpperCase(Locale.ROOT)) : null;
    if (unit == null) {
      throw new UsageFailure(
          "%s: found \"%s\", expected a size like 6GB or 500MB, or auto".formatted(option, text));
    }
    return (long) (Double.parseDouble(matcher.group(1)) * unit);
  }

  /**
   * A count.
   *
   * @throws UsageFailure if the text is none
   */
  static int count(String option, String text) {
    try {
      return Integer.parseInt(text);
    } catch (NumberFormatException e) {
      throw new UsageFailure("%s: found \"%s\", expected a number or auto".formatted(option, text));
    }
  }
}
