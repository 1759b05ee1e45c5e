package dev.skipjack.kernels.activation;

import static dev.skipjack.kernels.activation.VectorMath.gate;
import static dev.skipjack.kernels.activation.VectorMath.normalCdf;

import jdk.incubator.vector.FloatVector;

/** {@code x Phi(x)} with the normal distribution Phi (arXiv 1606.08415). */
record Gelu() implements Formula {
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
      return gate(normalCdf(x), x);
    }
  }
}
