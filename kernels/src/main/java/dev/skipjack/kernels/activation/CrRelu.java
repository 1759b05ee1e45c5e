package dev.skipjack.kernels.activation;

import static dev.skipjack.kernels.math.VectorMath.exp;
import static dev.skipjack.kernels.math.VectorMath.gate;

import jdk.incubator.vector.FloatVector;

/** {@code max(0, x) + epsilon x e^(-x^2 / 2)} (arXiv 2405.12954). */
record CrRelu(float epsilon) implements Formula {
  @Override
  public float at(float x) {
    double bump = ScalarMath.gate(Math.exp(-0.5 * x * x), (double) epsilon * x);
    return (float) (Math.max(0f, x) + bump);
  }

  @Override
  public VectorFormula overVectors() {
    return new Lanes(epsilon);
  }

  private record Lanes(float epsilon) implements VectorFormula {
    @Override
    public FloatVector at(FloatVector x) {
      FloatVector bump = gate(exp(x.mul(x).mul(-0.5f)), x.mul(epsilon));
      return x.max(0f).add(bump);
    }
  }
}
