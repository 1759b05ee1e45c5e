package dev.skipjack.kernels.activation;

import static dev.skipjack.kernels.math.VectorMath.gate;

import java.util.OptionalDouble;
import jdk.incubator.vector.FloatVector;

/** {@code x min(max(x + 3, 0), 6) / 6} (MobileNetV3, arXiv 1905.02244). */
record HardSwish() implements Formula {
  @Override
  public float at(float x) {
    double s = Math.clamp((x + 3.0) / 6, 0.0, 1.0);
    return (float) ScalarMath.gate(s, x);
  }

  @Override
  public VectorFormula overVectors() {
    return new Lanes();
  }

  @Override
  public OptionalDouble flatBelow() {
    return OptionalDouble.of(-3);
  }

  private record Lanes() implements VectorFormula {
    @Override
    public FloatVector at(FloatVector x) {
      return gate(x.add(3f).mul(1 / 6f).max(0f).min(1f), x);
    }
  }
}
