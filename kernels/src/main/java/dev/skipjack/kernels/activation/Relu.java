package dev.skipjack.kernels.activation;

import java.util.OptionalDouble;
import jdk.incubator.vector.FloatVector;

/** {@code max(0, x - shift)}; shift 0 is ReLU, and HeLU at inference (arXiv 2411.10573). */
record Relu(float shift) implements Formula {
  @Override
  public float at(float x) {
    return Math.max(0f, x - shift);
  }

  @Override
  public VectorFormula overVectors() {
    return new Lanes(shift);
  }

  @Override
  public OptionalDouble flatBelow() {
    return OptionalDouble.of(shift);
  }

  private record Lanes(float shift) implements VectorFormula {
    @Override
    public FloatVector at(FloatVector x) {
      return x.sub(shift).max(0f);
    }
  }
}
