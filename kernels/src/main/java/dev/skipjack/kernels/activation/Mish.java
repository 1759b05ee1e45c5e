package dev.skipjack.kernels.activation;

import static dev.skipjack.kernels.math.VectorMath.exp;
import static dev.skipjack.kernels.math.VectorMath.gate;

import jdk.incubator.vector.FloatVector;

/**
 * {@code x tanh(ln(1 + e^x))} (arXiv 1908.08681), by {@code tanh(ln(1 + e)) = n / (n + 2)}, {@code
 * n = e (e + 2)}.
 */
record Mish() implements Formula {
  /** From here on the factor is 1, long before {@code e^2} overflows. */
  private static final float SATURATED = 20;

  @Override
  public float at(float x) {
    double e = Math.exp(Math.min(x, SATURATED));
    double n = e * (e + 2);
    return (float) ScalarMath.gate(n / (n + 2), x);
  }

  @Override
  public VectorFormula overVectors() {
    return new Lanes();
  }

  private record Lanes() implements VectorFormula {
    @Override
    public FloatVector at(FloatVector x) {
      FloatVector e = exp(x.min(SATURATED));
      FloatVector n = e.mul(e.add(2f));
      return gate(n.div(n.add(2f)), x);
    }
  }
}
