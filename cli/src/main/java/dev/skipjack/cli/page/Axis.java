package dev.skipjack.cli.page;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * One axis of a plot.
 *
 * @param label with the unit
 * @param from the value at its beginning
 * @param to the value at its end, more than {@code from}
 * @param logarithmic whether equal ratios have equal distances; {@code from} is then above 0
 * @param ticks where values are written
 */
record Axis(String label, double from, double to, boolean logarithmic, List<Tick> ticks) {
  /** A marked value. */
  record Tick(double value, String label) {}

  Axis {
    ticks = List.copyOf(ticks);
  }

  /** Whole per cent in steps of 20, from 0 to 100. */
  static Axis percent(String label) {
    List<Tick> ticks = new ArrayList<>();
    for (int percent = 0; percent <= 100; percent += 20) {
      ticks.add(new Tick(percent / 100.0, percent + " %"));
    }
    return new Axis(label, 0, 1, false, ticks);
  }

  /** Per cent from a whole multiple of ten at or below a value, to 100. */
  static Axis percentFrom(String label, double smallest) {
    int first = 10 * (int) Math.floor(Math.clamp(smallest, 0, 0.9) * 10);
    int step = first < 50 ? 20 : first < 80 ? 10 : 5;
    List<Tick> ticks = new ArrayList<>();
    for (int percent = Math.ceilDiv(first, step) * step; percent <= 100; percent += step) {
      ticks.add(new Tick(percent / 100.0, percent + " %"));
    }
    return new Axis(label, first / 100.0, 1, false, ticks);
  }

  /** Per cent up to a value of at most 1, in steps that leave three to six ticks. */
  static Axis percentUpTo(String label, double largest) {
    Axis numbers = fromZero(label, 100 * largest);
    return new Axis(
        label,
        0,
        numbers.to / 100,
        false,
        numbers.ticks.stream().map(tick -> new Tick(tick.value / 100, tick.label + " %")).toList());
  }

  /** From 0 to a round number at or above a value, in round steps. */
  static Axis fromZero(String label, double largest) {
    double rough = Math.max(largest, 1e-12) / 4;
    double power = Math.pow(10, Math.floor(Math.log10(rough)));
    double step = power * 10;
    for (double factor : new double[] {5, 2.5, 2, 1}) {
      step = factor * power >= rough ? factor * power : step;
    }
    int count = (int) Math.ceil(largest / step - 1e-9);
    List<Tick> ticks = new ArrayList<>();
    for (int i = 0; i <= count; i++) {
      ticks.add(new Tick(i * step, round(i * step)));
    }
    return new Axis(label, 0, count * step, false, ticks);
  }

  private static String round(double value) {
    String text = String.format(Locale.ROOT, "%.10g", value);
    return text.contains(".") ? text.replaceFirst("\\.?0+$", "") : text;
  }

  /** Whole numbers from 0 to {@code last}, at most about twelve of them marked. */
  static Axis counting(String label, int last) {
    int step = Math.max(1, Math.ceilDiv(last + 1, 12));
    List<Tick> ticks = new ArrayList<>();
    for (int i = 0; i <= last; i += step) {
      ticks.add(new Tick(i, "" + i));
    }
    return new Axis(label, -0.5, last + 0.5, false, ticks);
  }

  /** Powers of 2 from 1 to {@code 2^last}. */
  static Axis powersOfTwo(String label, int last) {
    int step = last > 10 ? 2 : 1;
    List<Tick> ticks = new ArrayList<>();
    for (int power = 0; power <= last; power += step) {
      ticks.add(new Tick(1L << power, "" + (1L << power)));
    }
    return new Axis(label, 1, Math.max(2, 1L << last), true, ticks);
  }

  /** Powers of 10 around a range of values above 0. */
  static Axis powersOfTen(String label, double smallest, double largest) {
    int first = (int) Math.floor(Math.log10(smallest) + 1e-9);
    int last = Math.max(first + 1, (int) Math.ceil(Math.log10(largest) - 1e-9));
    List<Tick> ticks = new ArrayList<>();
    int step = Math.ceilDiv(last - first, 6);
    for (int power = first; power <= last; power += step) {
      ticks.add(new Tick(Math.pow(10, power), power(power, first >= -3 && last <= 3)));
    }
    return new Axis(label, Math.pow(10, first), Math.pow(10, last), true, ticks);
  }

  /** Plain where the whole axis is. */
  private static String power(int power, boolean plain) {
    if (plain || power == 0 || power == 1) {
      return round(Math.pow(10, power));
    }
    StringBuilder text = new StringBuilder("10");
    ("" + power).chars().forEach(c -> text.append(c == '-' ? "\u207b" : superscript(c - '0')));
    return text.toString();
  }

  private static String superscript(int digit) {
    return "" + "\u2070\u00b9\u00b2\u00b3\u2074\u2075\u2076\u2077\u2078\u2079".charAt(digit);
  }

  /** Where a value lies, 0 at the beginning and 1 at the end; values outside are at the ends. */
  double place(double value) {
    double at =
        logarithmic ? Math.log(value / from) / Math.log(to / from) : (value - from) / (to - from);
    return Double.isNaN(at) ? 0 : Math.clamp(at, 0, 1);
  }
}
