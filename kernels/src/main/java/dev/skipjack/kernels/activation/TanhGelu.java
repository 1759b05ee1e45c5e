package dev.skipjack.kernels.activation;

import static dev.skipjack.kernels.math.VectorMath.sigmoid;

import jdk.incubator.vector.FloatVector;

/**
 * {@code x / 2 (1 + tanh(sqrt(2 / pi) (x + 0.044715 x^3)))}, by {@code 1 + tanh(z) = 2 sigmoid(2
 * z)}, which does not cancel.
 */
record TanhGelu() implements Formula {
  /** Where the factor has long been 0: infinity times 0 must not become NaN. */
  private static final float NEGLIGIBLE = -16;

  private static final double LINEAR = 2 * Math.sqrt(2 / Math.PI);
  private static final double CUBIC = 0.044715 * LINEAR;

  @Override
  public float at(float x) {
    double z = x * (LINEAR + CUBIC * x * x);
    return (float) ScalarMath.gate(ScalarMath.sigmoid(z), x);
  }

  @Override
  public VectorFormula overVectors() {
    return new Lanes();
  }

  private record Lanes() implements VectorFormula {
    @Override
    public FloatVector at(FloatVector x) {
      FloatVector z = x.mul(x.mul(x).fma((float) CUBIC, (float) LINEAR));
      return sigmoid(z).mul(x.max(NEGLIGIBLE));
    }
  }
}
