package dev.skipjack.kernels.activation;

import static dev.skipjack.kernels.math.VectorMath.gate;
import static dev.skipjack.kernels.math.VectorMath.sigmoid;

import jdk.incubator.vector.FloatVector;

/** Swish: {@code x sigmoid(beta x)}; beta 1 is SiLU, 1.702 the quick form of GELU. */
record Silu(float beta) implements Formula {
  @Override
  public float at(float x) {
    return (float) ScalarMath.gate(ScalarMath.sigmoid((double) beta * x), x);
  }

  @Override
  public VectorFormula overVectors() {
    return new Lanes(beta);
  }

  private record Lanes(float beta) implements VectorFormula {
    @Override
    public FloatVector at(FloatVector x) {
      return gate(sigmoid(x.mul(beta)), x);
    }
  }
}
