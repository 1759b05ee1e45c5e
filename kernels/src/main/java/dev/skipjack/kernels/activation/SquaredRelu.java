package dev.skipjack.kernels.activation;

import java.util.OptionalDouble;
import jdk.incubator.vector.FloatVector;

/** {@code max(0, x)^2} (Primer, arXiv 2109.08668). */
record SquaredRelu() implements Formula {
  @Override
  public float at(float x) {
    float positive = Math.max(0f, x);
    return positive * positive;
  }

  @Override
  public VectorFormula overVectors() {
    return new Lanes();
  }

  @Override
  public OptionalDouble flatBelow() {
    return OptionalDouble.of(0);
  }

  private record Lanes() implements VectorFormula {
    @Override
    public FloatVector at(FloatVector x) {
      FloatVector positive = x.max(0f);
      return positive.mul(positive);
    }
  }
}
