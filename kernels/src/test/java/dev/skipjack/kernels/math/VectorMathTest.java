package dev.skipjack.kernels.math;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.function.DoubleUnaryOperator;
import java.util.function.UnaryOperator;
import jdk.incubator.vector.FloatVector;
import org.junit.jupiter.api.Test;

class VectorMathTest {
  @Test
  void expIsWithinAFewRoundingErrors() {
    for (double x = -87.3; x < 88.3; x += 0.00917) {
      assertThat(relativeError((float) x, VectorMath::exp, Math::exp)).isLessThan(1.2e-7);
    }
  }

  @Test
  void tanhIsAccurateNearZeroAndFarOut() {
    for (double x = 1e-30; x < 1e3; x *= 1.007) {
      assertThat(relativeError((float) x, VectorMath::tanh, Math::tanh)).isLessThan(3e-7);
      assertThat(relativeError((float) -x, VectorMath::tanh, Math::tanh)).isLessThan(3e-7);
    }
  }

  @Test
  void limits() {
    assertThat(apply(VectorMath::exp, 0)).isEqualTo(1);
    assertThat(apply(VectorMath::exp, 89)).isEqualTo(Float.POSITIVE_INFINITY);
    assertThat(apply(VectorMath::exp, Float.POSITIVE_INFINITY)).isEqualTo(Float.POSITIVE_INFINITY);
    assertThat(apply(VectorMath::exp, -88)).isZero();
    assertThat(apply(VectorMath::exp, Float.NEGATIVE_INFINITY)).isZero();
    assertThat(apply(VectorMath::exp, Float.NaN)).isNaN();
    assertThat(apply(VectorMath::tanh, 0)).isZero();
    assertThat(apply(VectorMath::tanh, Float.POSITIVE_INFINITY)).isEqualTo(1);
    assertThat(apply(VectorMath::tanh, Float.NEGATIVE_INFINITY)).isEqualTo(-1);
    assertThat(apply(VectorMath::tanh, Float.NaN)).isNaN();
  }

  private static double relativeError(
      float x, UnaryOperator<FloatVector> function, DoubleUnaryOperator exact) {
    double expected = exact.applyAsDouble(x);
    return Math.abs(apply(function, x) - expected) / Math.abs(expected);
  }

  private static float apply(UnaryOperator<FloatVector> function, float x) {
    return function.apply(VectorMath.splat(x)).lane(VectorMath.SPECIES.length() - 1);
  }
}
