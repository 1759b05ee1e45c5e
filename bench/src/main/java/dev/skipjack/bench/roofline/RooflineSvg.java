package dev.skipjack.bench.roofline;

import dev.skipjack.bench.roofline.Roofline.Ceiling;
import dev.skipjack.bench.roofline.Roofline.Point;
import java.util.Comparator;
import java.util.Locale;
import java.util.stream.DoubleStream;
import java.util.stream.Stream;

/** Draws a {@link Roofline} as a picture of its own. */
public final class RooflineSvg {
  private static final int WIDTH = 760;
  private static final int HEIGHT = 480;
  private static final int LEFT = 80;
  private static final int RIGHT = 24;
  private static final int TOP = 44;
  private static final int BOTTOM = 60;
  private static final double LOWEST_INTENSITY = 0.1;
  private static final double GIGA = 1e9;

  private final Roofline roofline;
  private final LogAxis x;
  private final LogAxis y;
  private final StringBuilder out = new StringBuilder();

  private RooflineSvg(Roofline roofline) {
    this.roofline = roofline;
    this.x =
        LogAxis.around(
            DoubleStream.concat(
                DoubleStream.of(LOWEST_INTENSITY),
                DoubleStream.concat(
                    roofline.points().stream().mapToDouble(Point::macsPerByte),
                    roofline.ceilings().stream().mapToDouble(c -> 2 * roofline.ridge(c)))),
            LEFT,
            WIDTH - RIGHT);
    this.y =
        LogAxis.around(
            DoubleStream.concat(
                DoubleStream.of(roofline.slope(x.low())),
                DoubleStream.concat(
                    roofline.points().stream().mapToDouble(Point::macsPerSecond),
                    roofline.ceilings().stream().mapToDouble(Ceiling::macsPerSecond))),
            HEIGHT - BOTTOM,
            TOP);
  }

  /** The text of an SVG file. */
  public static String draw(Roofline roofline) {
    return new RooflineSvg(roofline).text();
  }

  private String text() {
    write(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %d %d\" role=\"img\""
            + " font-family=\"sans-serif\" font-size=\"12\">",
        WIDTH, HEIGHT);
    write("<title>%s</title>", escape(roofline.title()));
    write("<rect width=\"%d\" height=\"%d\" fill=\"#fff\"/>", WIDTH, HEIGHT);
    label(LEFT, 24, "start", "#222", roofline.title());
    axes();
    slope();
    roofline.ceilings().forEach(this::ceiling);
    points();
    write("</svg>");
    return out.toString();
  }

  private void axes() {
    for (double tick : x.ticks()) {
      line(x.at(tick), TOP, x.at(tick), HEIGHT - BOTTOM, "#ddd");
      label(x.at(tick), HEIGHT - BOTTOM + 18, "middle", "#222", number(tick));
    }
    for (double tick : y.ticks()) {
      line(LEFT, y.at(tick), WIDTH - RIGHT, y.at(tick), "#ddd");
      label(LEFT - 8, y.at(tick) + 4, "end", "#222", number(tick / GIGA));
    }
    label(
        (LEFT + WIDTH - RIGHT) / 2.0, HEIGHT - 16, "middle", "#222", "multiply-adds per byte read");
    int middle = (TOP + HEIGHT - BOTTOM) / 2;
    write(
        "<text transform=\"translate(20 %d) rotate(-90)\" text-anchor=\"middle\""
            + " fill=\"#222\">billion multiply-adds per second</text>",
        middle);
  }

  /** From the left edge to where it meets the highest ceiling, or the top. */
  private void slope() {
    double highest =
        roofline.ceilings().stream().mapToDouble(Ceiling::macsPerSecond).max().orElse(y.high());
    double end = highest / roofline.bytesPerSecond();
    line(x.at(x.low()), y.at(roofline.slope(x.low())), x.at(end), y.at(highest), "#1f5fa8");
    String name = "streaming %s GB/s".formatted(number(roofline.bytesPerSecond() / GIGA));
    double at = Math.sqrt(x.low() * end);
    label(x.at(at) - 8, y.at(roofline.slope(at)) - 6, "end", "#1f5fa8", name);
  }

  private void ceiling(Ceiling ceiling) {
    double height = y.at(ceiling.macsPerSecond());
    line(x.at(roofline.ridge(ceiling)), height, WIDTH - RIGHT, height, "#a8441f");
    String name = "%s: %s".formatted(ceiling.name(), number(ceiling.macsPerSecond() / GIGA));
    label(WIDTH - RIGHT - 4, height - 5, "end", "#a8441f", name);
  }

  /** Labels of points that are close in height make room for each other. */
  private void points() {
    double lowest = Double.NEGATIVE_INFINITY;
    Stream<Point> fromTop =
        roofline.points().stream().sorted(Comparator.comparing(p -> -p.macsPerSecond()));
    for (Point point : fromTop.toList()) {
      double px = x.at(point.macsPerByte());
      double py = y.at(point.macsPerSecond());
      write("<circle cx=\"%s\" cy=\"%s\" r=\"4\" fill=\"#222\"/>", number(px), number(py));
      lowest = Math.max(py + 4, lowest + 14);
      boolean right = px < WIDTH - RIGHT - 200;
      label(right ? px + 8 : px - 8, lowest, right ? "start" : "end", "#222", point.name());
    }
  }

  private void line(double x1, double y1, double x2, double y2, String colour) {
    write(
        "<line x1=\"%s\" y1=\"%s\" x2=\"%s\" y2=\"%s\" stroke=\"%s\"/>",
        number(x1), number(y1), number(x2), number(y2), colour);
  }

  private void label(double atX, double atY, String anchor, String colour, String text) {
    write(
        "<text x=\"%s\" y=\"%s\" text-anchor=\"%s\" fill=\"%s\">%s</text>",
        number(atX), number(atY), anchor, colour, escape(text));
  }

  private void write(String format, Object... values) {
    out.append(String.format(Locale.ROOT, format, values)).append('\n');
  }

  /** Up to two digits after the point, and no more than are needed. */
  private static String number(double value) {
    String digits = String.format(Locale.ROOT, "%.2f", value);
    return digits.replaceAll("\\.?0+$", "");
  }

  private static String escape(String text) {
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
  }
}
