package dev.skipjack.cli.page;

import java.util.ArrayList;
import java.util.List;

/**
 * A plot with two axes, drawn into inline SVG. Colours and fonts come from the page's style sheet.
 * Screen readers hear the title and the description; the numbers stand in a table beside it.
 */
final class Plot {
  private static final int WIDTH = 560;
  private static final int HEIGHT = 340;
  private static final int LEFT = 58;
  private static final int RIGHT = 26;
  private static final int TOP = 14;
  private static final int BOTTOM = 48;

  private final String title;
  private final String description;
  private final Axis x;
  private final Axis y;
  private final List<Line> lines = new ArrayList<>();
  private final List<Mark> marks = new ArrayList<>();

  /**
   * A line through points.
   *
   * @param name for whoever points at it
   * @param look a class of the style sheet
   * @param style declarations of its own, may be empty
   * @param dots whether its points are marked
   */
  record Line(String name, String look, String style, double[] xs, double[] ys, boolean dots) {}

  /** A labelled point. */
  record Mark(String name, double x, double y) {}

  Plot(String title, String description, Axis x, Axis y) {
    this.title = title;
    this.description = description;
    this.x = x;
    this.y = y;
  }

  Plot line(String name, String look, double[] xs, double[] ys, boolean dots) {
    lines.add(new Line(name, look, "", xs, ys, dots));
    return this;
  }

  /** A line whose colour is mixed: 0 for the first of a family, 1 for the last. */
  Plot line(String name, double shade, double[] xs, double[] ys) {
    String style = "--shade: %s%%".formatted(Markup.number(100 * shade));
    lines.add(new Line(name, "family", style, xs, ys, false));
    return this;
  }

  Plot mark(String name, double atX, double atY) {
    marks.add(new Mark(name, atX, atY));
    return this;
  }

  private double px(double value) {
    return LEFT + x.place(value) * (WIDTH - LEFT - RIGHT);
  }

  private double py(double value) {
    return HEIGHT - BOTTOM - y.place(value) * (HEIGHT - TOP - BOTTOM);
  }

  void draw(Markup out) {
    out.open("svg", "viewBox", "0 0 %d %d".formatted(WIDTH, HEIGHT), "role", "img");
    out.element("title", title).element("desc", description);
    axes(out);
    lines.forEach(line -> draw(out, line));
    marks(out);
    out.close().line();
  }

  private void axes(Markup out) {
    int bottom = HEIGHT - BOTTOM;
    for (Axis.Tick tick : y.ticks()) {
      double at = py(tick.value());
      out.empty("line", "class", "grid", "x1", LEFT, "x2", WIDTH - RIGHT, "y1", at, "y2", at);
      out.element(
          "text", tick.label(), "class", "tick", "text-anchor", "end", "x", LEFT - 8, "y", at + 4);
    }
    for (Axis.Tick tick : x.ticks()) {
      double at = px(tick.value());
      out.empty("line", "class", "axis", "x1", at, "x2", at, "y1", bottom, "y2", bottom + 5);
      out.element(
          "text",
          tick.label(),
          "class",
          "tick",
          "text-anchor",
          "middle",
          "x",
          at,
          "y",
          bottom + 19);
    }
    out.empty("line", "class", "axis", "x1", LEFT, "x2", WIDTH - RIGHT, "y1", bottom, "y2", bottom);
    out.element(
        "text",
        x.label(),
        "class",
        "label",
        "text-anchor",
        "middle",
        "x",
        (LEFT + WIDTH - RIGHT) / 2.0,
        "y",
        HEIGHT - 8);
    double middle = (TOP + HEIGHT - BOTTOM) / 2.0;
    out.element(
        "text",
        y.label(),
        "class",
        "label",
        "text-anchor",
        "middle",
        "transform",
        "translate(13 %s) rotate(-90)".formatted(Markup.number(middle)));
  }

  private void draw(Markup out, Line line) {
    StringBuilder points = new StringBuilder();
    for (int i = 0; i < line.xs().length; i++) {
      points
          .append(i == 0 ? "" : " ")
          .append(Markup.number(px(line.xs()[i])))
          .append(',')
          .append(Markup.number(py(line.ys()[i])));
    }
    out.open("g", "class", line.look(), "style", line.style()).element("title", line.name());
    out.empty("polyline", "points", points);
    for (int i = 0; i < line.xs().length && line.dots(); i++) {
      out.empty("circle", "cx", px(line.xs()[i]), "cy", py(line.ys()[i]), "r", 3);
    }
    out.close().line();
  }

  private void marks(Markup out) {
    Labels labels = new Labels(LEFT, TOP, WIDTH - RIGHT, HEIGHT - BOTTOM);
    marks.forEach(mark -> labels.avoid(px(mark.x()), py(mark.y())));
    for (Mark mark : marks) {
      double atX = px(mark.x());
      double atY = py(mark.y());
      Labels.Place place = labels.place(mark.name(), atX, atY);
      out.open("g", "class", "mark").element("title", mark.name());
      if (place.far()) {
        out.empty(
            "line",
            "class",
            "leader",
            "x1",
            atX,
            "y1",
            atY,
            "x2",
            place.anchorX(),
            "y2",
            place.anchorY());
      }
      out.empty("circle", "cx", atX, "cy", atY, "r", 4.5);
      out.element("text", mark.name(), "x", place.x(), "y", place.baseline());
      out.close().line();
    }
  }
}
