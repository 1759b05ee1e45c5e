package dev.skipjack.kernels.activation;

import static dev.skipjack.kernels.math.VectorMath.exp;
import static dev.skipjack.kernels.math.VectorMath.log1p;

import jdk.incubator.vector.FloatVector;

/** {@code ln(1 + e^(beta x)) / beta}, in a form that does not overflow. */
record Softplus(float beta) implements Formula {
  Softplus {
    if (beta == 0) {
      throw new IllegalArgumentException("softplus: beta is 0");
    }
  }

  @Override
  public float at(float x) {
    double z = (double) beta * x;
    return (float) ((Math.max(z, 0) + Math.log1p(Math.exp(-Math.abs(z)))) / beta);
  }

  @Override
  public VectorFormula overVectors() {
    return new Lanes(beta);
  }

  private record Lanes(float beta) implements VectorFormula {
    @Override
    public FloatVector at(FloatVector x) {
      FloatVector z = x.mul(beta);
      return z.max(0f).add(log1p(exp(z.abs().neg()))).div(beta);
    }
  }
}
