package dev.skipjack.models.convert;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class RowOrderTest {
  private static int[] sources(RowOrder order, int rows) {
    return IntStream.range(0, rows).map(order::source).toArray();
  }

  @Test
  void halvesOfEachHeadAreInterleaved() {
    assertThat(sources(new RowOrder(6, 6), 12))
        .containsExactly(0, 3, 1, 4, 2, 5, 6, 9, 7, 10, 8, 11);
  }

  @Test
  void rowsThatDoNotRotateStay() {
    assertThat(sources(new RowOrder(6, 4), 12))
        .containsExactly(0, 2, 1, 3, 4, 5, 6, 8, 7, 9, 10, 11);
    assertThat(sources(RowOrder.AS_IS, 3)).containsExactly(0, 1, 2);
  }
}
