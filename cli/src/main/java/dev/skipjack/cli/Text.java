package dev.skipjack.cli;

import java.io.PrintStream;
import java.util.Locale;

/** Text for terminals. */
final class Text {
  private Text() {}

  /** The text on one line: control characters, which files may smuggle in, are spelled out. */
  static String oneLine(String text) {
    StringBuilder line = new StringBuilder(text.length());
    text.codePoints()
        .forEach(
            c -> {
              switch (c) {
                case '\n' -> line.append("\\n");
                case '\r' -> line.append("\\r");
                case '\t' -> line.append("\\t");
                default -> {
                  if (Character.isISOControl(c)) {
                    line.append("\\u%04x".formatted(c));
                  } else {
                    line.appendCodePoint(c);
                  }
                }
              }
            });
    return line.toString();
  }

  /** Prints a fact under its name, in a column of such lines. */
  static void fact(PrintStream out, String name, String format, Object... values) {
    out.printf(Locale.ROOT, "%-12s %s%n", name, String.format(Locale.ROOT, format, values));
  }

  /** A token's spelling between quotes, on one line. */
  static String quoted(String piece) {
    return "'" + oneLine(piece) + "'";
  }

  /** A count with a decimal unit: {@code 4.95 M}. */
  static String count(long count) {
    return scaled(count, "", "k", "M", "G", "T");
  }

  /** A size with a decimal unit: {@code 5.3 MB}. */
  static String bytes(long bytes) {
    return scaled(bytes, "B", "kB", "MB", "GB", "TB");
  }

  private static String scaled(double value, String... units) {
    int unit = 0;
    while (value >= 1000 && unit + 1 < units.length) {
      value /= 1000;
      unit++;
    }
    String digits = unit == 0 ? "%.0f" : value < 10 ? "%.2f" : "%.1f";
    return String.format(Locale.ROOT, digits + " %s", value, units[unit]).strip();
  }
}
