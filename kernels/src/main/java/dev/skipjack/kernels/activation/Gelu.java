package dev.skipjack.kernels.activation;

import static dev.skipjack.kernels.math.VectorMath.normalCdf;

import jdk.incubator.vector.FloatVector;

/** {@code x Phi(x)} with the normal distribution Phi (arXiv 1606.08415). */
record Gelu() implements Formula {
  /** Where the factor has long been 0: infinity times 0 must not become NaN. */
  private static final float NEGLIGIBLE = -16;

  @Override
  public float at(float x) {
    return (float) ScalarMath.gate(ScalarMath.normalCdf(x), x);
  }

  @Override
  public VectorFormula overVectors() {
    return new Lanes();
  }

  private record Lanes() implements VectorFormula {
    @Override
    public FloatVector at(FloatVector x) {
      return normalCdf(x).mul(x.max(NEGLIGIBLE));
    }
  }
}
