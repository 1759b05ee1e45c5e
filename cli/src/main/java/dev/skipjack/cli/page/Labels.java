package dev.skipjack.cli.page;

import java.util.ArrayList;
import java.util.List;

/**
 * Finds room for the labels of points: beside its point if it can, farther away if it must, so that
 * no label covers another or a point. One thread at a time.
 */
final class Labels {
  /** Of a character at the size of the style sheet, a little generous. */
  private static final double CHARACTER = 6.9;

  private static final double LINE = 14;
  private static final double GAP = 8;
  private static final double POINT = 5;
  private static final int RINGS = 8;

  private final Box bounds;
  private final List<Box> taken = new ArrayList<>();

  private record Box(double left, double top, double right, double bottom) {
    double overlap(Box other) {
      double width = Math.min(right, other.right) - Math.max(left, other.left);
      double height = Math.min(bottom, other.bottom) - Math.max(top, other.top);
      return width > 0 && height > 0 ? width * height : 0;
    }

    double outside(Box bounds) {
      return (right - left) * (bottom - top) - overlap(bounds);
    }
  }

  /**
   * Where a label goes.
   *
   * @param x of its left end
   * @param baseline of its text
   * @param far whether a line must lead from the point to it
   * @param anchorX where that line ends
   * @param anchorY where that line ends
   */
  record Place(double x, double baseline, boolean far, double anchorX, double anchorY) {}

  Labels(double left, double top, double right, double bottom) {
    this.bounds = new Box(left, top, right, bottom);
  }

  /** Keeps a point free. */
  void avoid(double x, double y) {
    taken.add(new Box(x - POINT, y - POINT, x + POINT, y + POINT));
  }

  /** Takes the first of the nearest places that is free, or the one that covers least. */
  Place place(String label, double x, double y) {
    double width = CHARACTER * label.length();
    Box best = new Box(0, 0, 0, 0);
    double least = Double.POSITIVE_INFINITY;
    int ring = 0;
    int bestRing = 0;
    for (; ring < RINGS && least > 0; ring++) {
      for (Box box : around(x, y, width, ring)) {
        double covered = 4 * box.outside(bounds);
        for (Box other : taken) {
          covered += box.overlap(other);
        }
        if (covered < least) {
          least = covered;
          best = box;
          bestRing = ring;
        }
      }
    }
    taken.add(best);
    double anchorX = Math.clamp(x, best.left, best.right);
    double anchorY = Math.clamp(y, best.top + 2, best.bottom - 2);
    return new Place(best.left, best.bottom - 3, bestRing > 0, anchorX, anchorY);
  }

  /** Right, left, above and below a point, in growing distance. */
  private static List<Box> around(double x, double y, double width, int ring) {
    List<Box> boxes = new ArrayList<>();
    double away = ring * LINE;
    for (int side : new int[] {1, -1}) {
      double left = side > 0 ? x + GAP : x - GAP - width;
      for (double shift : ring == 0 ? new double[] {0} : new double[] {-away, away}) {
        boxes.add(box(left, y + shift, width));
      }
    }
    boxes.add(box(x - width / 2, y - LINE - away, width));
    boxes.add(box(x - width / 2, y + LINE + away, width));
    return boxes;
  }

  private static Box box(double left, double middle, double width) {
    return new Box(left, middle - LINE / 2, left + width, middle + LINE / 2);
  }
}
