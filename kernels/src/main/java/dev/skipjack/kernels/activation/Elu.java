package dev.skipjack.kernels.activation;

import static dev.skipjack.kernels.math.VectorMath.expm1OfNegative;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;

/**
 * {@code scale x} if {@code x > 0}, else {@code scale alpha (e^x - 1)}: ELU (arXiv 1511.07289) with
 * scale 1, SELU (arXiv 1706.02515) with its two constants.
 */
record Elu(float alpha, float scale) implements Formula {
  @Override
  public float at(float x) {
    return (float) (scale * (x > 0 ? x : alpha * Math.expm1(x)));
  }

  @Override
  public VectorFormula overVectors() {
    return new Lanes(alpha, scale);
  }

  private record Lanes(float alpha, float scale) implements VectorFormula {
    @Override
    public FloatVector at(FloatVector x) {
      FloatVector negative = expm1OfNegative(x.min(0f)).mul(alpha);
      return negative.blend(x, x.compare(VectorOperators.GT, 0f)).mul(scale);
    }
  }
}
