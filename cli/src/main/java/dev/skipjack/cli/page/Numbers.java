package dev.skipjack.cli.page;

import java.util.Locale;

/** Numbers as the page writes them. */
final class Numbers {
  private Numbers() {}

  /** For example {@code 9.3 %}. */
  static String percent(double fraction) {
    return decimals(100 * fraction, 1) + " %";
  }

  /** For example {@code 20 %}. */
  static String percentShort(double fraction) {
    return plain(Math.round(1000 * fraction) / 10.0) + " %";
  }

  static String decimals(double number, int places) {
    return String.format(Locale.ROOT, "%." + places + "f", number).replace('-', '\u2212');
  }

  /** With its sign. */
  static String change(double number, int places) {
    return String.format(Locale.ROOT, "%+." + places + "f", number).replace('-', '\u2212');
  }

  /** Three significant digits. */
  static String magnitude(double number) {
    if (number == 0) {
      return "0";
    }
    return number >= 1e-3 && number < 1e4
        ? String.format(Locale.ROOT, "%.3g", number)
        : String.format(Locale.ROOT, "%.2e", number);
  }

  /** Without decimals that are zero. */
  static String plain(double number) {
    return number == Math.rint(number) ? "" + (long) number : "" + number;
  }

  /** With separated thousands. */
  static String count(long number) {
    return String.format(Locale.ROOT, "%,d", number);
  }

  /** In megabytes (10^6). */
  static String megabytes(double bytes) {
    return decimals(bytes / 1e6, bytes < 1e8 ? 2 : 0) + " MB";
  }
}
