package dev.skipjack.kernels.activation;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class PolyNormTest {
  private static final float[] COEFFICIENTS = {0.125f, 0.5f, -0.25f, 0.75f};

  private static List<Activation> both() {
    return Stream.of(
            ActivationRegistry.scalar("polynorm", COEFFICIENTS),
            ActivationRegistry.vector("polynorm", COEFFICIENTS))
        .toList();
  }

  /** Term by term, as the formula is written. */
  private static double[] exact(float[] x, int offset, int length) {
    double[] y = new double[length];
    for (int i = 0; i < length; i++) {
      y[i] = COEFFICIENTS[0];
    }
    for (int power = 1; power <= 3; power++) {
      double squares = 0;
      for (int i = 0; i < length; i++) {
        squares += Math.pow(Math.pow(x[offset + i], power), 2);
      }
      double rms = Math.sqrt(squares / length + 1e-6);
      for (int i = 0; i < length; i++) {
        y[i] += COEFFICIENTS[power] * Math.pow(x[offset + i], power) / rms;
      }
    }
    return y;
  }

  @Test
  void agreesWithTheFormulaAtEveryLengthAndOffset() {
    Random random = new Random(7);
    for (Activation activation : both()) {
      for (int length = 0; length <= 130; length++) {
        check(activation, random, length, length % 5, 2);
      }
      for (float scale : new float[] {1e-6f, 1e-2f, 30, 1e5f}) {
        check(activation, random, 5_000, 3, scale);
      }
    }
  }

  private static void check(
      Activation activation, Random random, int length, int offset, float scale) {
    float[] x = new float[offset + length + 3];
    for (int i = 0; i < x.length; i++) {
      x[i] = (float) (scale * random.nextGaussian());
    }
    float[] y = x.clone();
    activation.apply(y, offset, length);
    double[] exact = exact(x, offset, length);
    for (int i = 0; i < x.length; i++) {
      if (i < offset || i >= offset + length) {
        assertThat(y[i]).isEqualTo(x[i]);
      } else {
        // Terms of either sign are added; each is off by a few roundings of itself.
        double size = Math.abs(x[i]) / scale;
        double tolerance = 1e-6 * (1 + size + size * size + size * size * size);
        assertThat(Math.abs(y[i] - exact[i - offset])).isLessThan(tolerance);
      }
    }
  }

  @Test
  void aNaNReachesEveryValue() {
    for (Activation activation : both()) {
      float[] x = new float[100];
      x[57] = Float.NaN;
      activation.apply(x, 0, x.length);
      for (float y : x) {
        assertThat(y).isNaN();
      }
    }
  }

  @Test
  void isNeitherElementwiseNorSkippable() {
    assertThat(both())
        .allSatisfy(
            activation -> {
              assertThat(activation.elementwise()).isFalse();
              assertThat(activation.exactZeros()).isFalse();
              assertThat(activation.zeroBelow()).isEmpty();
            });
  }
}
