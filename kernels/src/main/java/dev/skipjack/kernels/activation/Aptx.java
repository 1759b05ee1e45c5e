package dev.skipjack.kernels.activation;

import static dev.skipjack.kernels.math.VectorMath.gate;
import static dev.skipjack.kernels.math.VectorMath.sigmoid;

import jdk.incubator.vector.FloatVector;

/**
 * {@code (alpha + tanh(beta x)) gamma x} (arXiv 2209.06119), by {@code tanh(z) = 2 sigmoid(2 z) -
 * 1}, which does not cancel for alpha 1.
 */
record Aptx(float alpha, float beta, float gamma) implements Formula {
  @Override
  public float at(float x) {
    double s = 2 * ScalarMath.sigmoid(2.0 * beta * x) + (alpha - 1.0);
    return (float) ScalarMath.gate(s, (double) gamma * x);
  }

  @Override
  public VectorFormula overVectors() {
    return new Lanes(alpha, beta, gamma);
  }

  private record Lanes(float alpha, float beta, float gamma) implements VectorFormula {
    @Override
    public FloatVector at(FloatVector x) {
      FloatVector s = sigmoid(x.mul(2 * beta)).fma(2f, alpha - 1);
      return gate(s, x.mul(gamma));
    }
  }
}
