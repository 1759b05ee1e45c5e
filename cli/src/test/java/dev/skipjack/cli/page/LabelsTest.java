package dev.skipjack.cli.page;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class LabelsTest {
  private static final int RIGHT = 540;
  private static final int BOTTOM = 300;

  private record Box(double left, double baseline, double width) {
    boolean meets(Box other) {
      return left < other.left + other.width
          && other.left < left + width
          && Math.abs(baseline - other.baseline) < 12;
    }
  }

  /** More points than ever were modes, some at one place. */
  @Test
  void labelsCoverNeitherEachOtherNorTheBorder() {
    SplittableRandom random = new SplittableRandom(4);
    Labels labels = new Labels(50, 10, RIGHT, BOTTOM);
    List<Box> boxes = new ArrayList<>();
    for (int i = 0; i < 12; i++) {
      double x = i < 3 ? RIGHT : random.nextDouble(60, RIGHT);
      double y = i < 3 ? BOTTOM : random.nextDouble(20, BOTTOM);
      String name = "reuse:" + i;
      labels.avoid(x, y);
      Labels.Place place = labels.place(name, x, y);
      boxes.add(new Box(place.x(), place.baseline(), 6.5 * name.length()));
    }
    for (int i = 0; i < boxes.size(); i++) {
      Box box = boxes.get(i);
      assertThat(box.left()).isGreaterThanOrEqualTo(50);
      assertThat(box.left() + box.width()).isLessThanOrEqualTo(RIGHT);
      assertThat(boxes.subList(0, i)).noneMatch(box::meets);
    }
  }

  @Test
  void axesEndAtRoundNumbers() {
    assertThat(Axis.fromZero("", 5.85).to()).isEqualTo(6);
    assertThat(Axis.fromZero("", 362).ticks()).extracting(Axis.Tick::label).endsWith("400");
    Axis powers = Axis.powersOfTen("", 3e-5, 20);
    assertThat(powers.ticks()).extracting(Axis.Tick::label).startsWith("10\u207b\u2075");
    assertThat(powers.place(1e-2)).isBetween(0.4, 0.5);
    assertThat(Axis.percentFrom("", 0.83).from()).isEqualTo(0.8);
    assertThat(Axis.powersOfTwo("", 8).place(16)).isEqualTo(0.5);
  }
}
