package dev.skipjack.loader.tensor;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** How much is lost: bounds a little above what these encoders reach. */
class EncodeErrorTest {
  /** The curve and the measure, sqrt(sum of squares) / n, with which ggml tests its quantisers. */
  @ParameterizedTest
  @CsvSource({
    "Q4_0, 0.00120",
    "Q4_1, 0.00120",
    "Q4_K, 0.00100",
    "Q5_0, 0.00062",
    "Q5_1, 0.00058",
    "Q6_K, 0.00026",
    "Q8_0, 0.00008",
    "BF16, 0.00004",
    "F16, 0.000005",
    "F32, 0",
  })
  void followsACosine(TensorType type, double bound) {
    float[] curve = new float[4096];
    for (int i = 0; i < curve.length; i++) {
      curve[i] = (float) (0.1 + 2 * Math.cos(i));
    }

    float[] decoded = Vectors.roundTrip(type, curve);

    assertThat(Math.sqrt(Errors.sumOfSquares(curve, decoded)) / curve.length)
        .isLessThanOrEqualTo(bound);
  }

  /** Relative error for normally distributed values. */
  @ParameterizedTest
  @CsvSource({
    "Q4_0, 0.088",
    "Q4_1, 0.080",
    "Q4_K, 0.072",
    "Q5_0, 0.044",
    "Q5_1, 0.039",
    "Q6_K, 0.0175",
    "Q8_0, 0.0056",
  })
  void keepsNormalWeights(TensorType type, double bound) {
    float[] weights = normal(16384);

    assertThat(Errors.relative(weights, Vectors.roundTrip(type, weights))).isLessThan(bound);
  }

  /**
   * A search for scales has to beat taking them from the range, even when those are not rounded.
   */
  @ParameterizedTest
  @CsvSource({"Q4_K, 32, 15, true, 0.93", "Q6_K, 16, 63, false, 0.87"})
  void beatsScalesTakenFromTheRange(
      TensorType type, int group, int highest, boolean affine, double factor) {
    float[] weights = normal(16384);
    float[] plain = new float[weights.length];
    for (int at = 0; at < weights.length; at += group) {
      fromRange(weights, plain, at, group, highest, affine);
    }

    double searched = Errors.relative(weights, Vectors.roundTrip(type, weights));

    assertThat(searched).isLessThan(factor * Errors.relative(weights, plain));
  }

  private static void fromRange(
      float[] values, float[] rounded, int at, int group, int highest, boolean affine) {
    float minimum = Float.POSITIVE_INFINITY;
    float maximum = Float.NEGATIVE_INFINITY;
    for (int i = at; i < at + group; i++) {
      minimum = Math.min(minimum, values[i]);
      maximum = Math.max(maximum, values[i]);
    }
    float magnitude = Math.max(-minimum, maximum);
    float offset = affine ? minimum : 0;
    float step = (affine ? maximum - minimum : 2 * magnitude) / highest;
    for (int i = at; i < at + group; i++) {
      rounded[i] = Math.round((values[i] - offset) / step) * step + offset;
    }
  }

  private static float[] normal(int count) {
    Random random = new Random(1);
    float[] values = new float[count];
    for (int i = 0; i < count; i++) {
      values[i] = (float) (0.02 * random.nextGaussian());
    }
    return values;
  }
}
