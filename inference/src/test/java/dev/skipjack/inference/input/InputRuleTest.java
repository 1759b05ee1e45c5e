package dev.skipjack.inference.input;

import static org.assertj.core.api.Assertions.assertThat;

import dev.skipjack.inference.layer.InputSpace;
import dev.skipjack.kernels.team.ThreadTeam;
import java.util.Arrays;
import java.util.List;
import java.util.TreeSet;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

class InputRuleTest {
  private static final float[] X = {0.5f, -2, 0, 1, -1, 3, -0.25f};
  private static final float[] WEIGHTS = {8, 1, 100, 1, 2, 0.5f, 1};

  private static int[] kept(InputRule rule, float... x) {
    float[] kept = new float[x.length + 2];
    float[] shifted = new float[x.length + 2];
    System.arraycopy(x, 0, shifted, 2, x.length);
    int[] count = new int[1];
    withShare(x, share -> count[0] = rule.mask(shifted, 2, x.length, share, kept));
    int[] listed = listed(rule, x);
    assertThat(listed).hasSize(count[0]);
    for (int j = 0; j < x.length; j++) {
      boolean in = Arrays.binarySearch(listed, j) >= 0;
      assertThat(kept[j + 2]).isEqualTo(in ? x[j] : 0);
    }
    return listed;
  }

  /** What the same rule lists for a single token. */
  private static int[] listed(InputRule rule, float[] x) {
    int[][] found = new int[1][];
    withShare(
        x,
        share -> {
          rule.select(x, x.length, share);
          found[0] = Arrays.copyOf(share.channels, share.count());
          for (int i = 0; i < share.count(); i++) {
            assertThat(Float.compare(share.values[i], x[share.channels[i]])).isZero();
          }
        });
    return found[0];
  }

  private static void withShare(float[] x, Consumer<InputSpace.Share> use) {
    var needs = new InputSpace.Needs(new TreeSet<>(List.of(x.length)), 0, 0, 1);
    InputSpace space = new InputSpace(needs, 1, 1);
    try (ThreadTeam team = new ThreadTeam(1)) {
      team.run(worker -> use.accept(space.share(worker)));
    }
  }

  @Test
  void aThresholdIsNotEnoughItself() {
    assertThat(kept(InputRule.above(1), X)).containsExactly(1, 5);
    assertThat(kept(InputRule.above(0), X)).containsExactly(0, 1, 3, 4, 5, 6);
  }

  @Test
  void weightsCount() {
    // Scores: 4, 2, 0, 1, 2, 1.5, 0.25
    assertThat(kept(InputRule.above(1.5f, WEIGHTS), X)).containsExactly(0, 1, 4);
    assertThat(kept(InputRule.largest(1, WEIGHTS), X)).containsExactly(0);
    assertThat(kept(InputRule.largest(4, WEIGHTS), X)).containsExactly(0, 1, 4, 5);
  }

  @Test
  void equalsOfTheLastStayAndZerosDoNotFillUp() {
    assertThat(kept(InputRule.largest(2, WEIGHTS), X)).containsExactly(0, 1, 4);
    assertThat(kept(InputRule.largest(7, WEIGHTS), X)).containsExactly(0, 1, 3, 4, 5, 6);
  }

  @Test
  void whatIsNotANumberIsNotHidden() {
    float[] x = X.clone();
    x[3] = Float.NaN;
    assertThat(listed(InputRule.above(100), x)).containsExactly(3);
    assertThat(listed(InputRule.largest(1, WEIGHTS), x)).contains(3);
  }
}
