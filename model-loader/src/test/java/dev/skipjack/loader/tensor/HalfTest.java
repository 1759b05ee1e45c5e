package dev.skipjack.loader.tensor;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HalfTest {
  @ParameterizedTest
  @CsvSource({
    "0, 0",
    "1, 1",
    "1.0001, 1.0009765625",
    "-1.0001, -1.0009765625",
    "1e-12, 5.9604644775390625e-8",
    "-1e-12, -5.9604644775390625e-8",
    "65503, 65504",
    "65504, 65504",
    "1e30, 65504",
    "-1e30, -65504",
    "Infinity, 65504",
  })
  void roundsTheMagnitudeUpAndSaturates(float value, float expected) {
    assertThat(Half.atLeast(value)).isEqualTo(expected);
  }

  @Test
  void keepsNan() {
    assertThat(Half.atLeast(Float.NaN)).isNaN();
  }

  @Test
  void leavesEveryFiniteHalfAlone() {
    for (int bits = 0; bits < 1 << 16; bits++) {
      float half = Float.float16ToFloat((short) bits);
      if (Float.isFinite(half)) {
        assertThat(Half.atLeast(half)).isEqualTo(half);
      }
    }
  }
}
