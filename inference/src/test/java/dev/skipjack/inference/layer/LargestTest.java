package dev.skipjack.inference.layer;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LargestTest {
  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 7, 64, 500})
  void isTheElementThatSortingFinds(int count) {
    Random random = new Random(count);
    float[] x = new float[count + 5];
    for (int i = 0; i < x.length; i++) {
      // Few distinct values, so that there are ties, zeros of both signs and subnormals.
      x[i] = random.nextInt(-20, 20) * (random.nextBoolean() ? 0.5f : 1e-43f);
    }
    float[] sorted = new float[count];
    for (int i = 0; i < count; i++) {
      sorted[i] = Math.abs(x[3 + i]);
    }
    Arrays.sort(sorted);
    Largest.Scratch scratch = new Largest.Scratch(count);
    for (int k = 1; k <= count; k++) {
      assertThat(Largest.magnitude(x, 3, count, k)).isEqualTo(sorted[count - k]);
      assertThat(Largest.magnitude(x, 3, count, k, scratch)).isEqualTo(sorted[count - k]);
    }
    assertThat(Largest.magnitude(x, 3, count, count + 1)).isZero();
    assertThat(Largest.magnitude(x, 3, count, count + 1, scratch)).isZero();
  }

  @Test
  void whatIsNotANumberIsLargest() {
    float[] x = {1, Float.NaN, -3, Float.NEGATIVE_INFINITY, 2};
    Largest.Scratch scratch = new Largest.Scratch(x.length);
    assertThat(Largest.magnitude(x, 0, x.length, 1, scratch)).isNaN();
    assertThat(Largest.magnitude(x, 0, x.length, 2, scratch)).isInfinite();
    assertThat(Largest.magnitude(x, 0, x.length, 3, scratch)).isEqualTo(3);
  }
}
