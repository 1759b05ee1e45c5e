package dev.skipjack.kernels.activation;

import static dev.skipjack.kernels.math.VectorMath.splat;

import java.util.OptionalDouble;
import jdk.incubator.vector.FloatVector;

/** {@code a0 + a1 r + a2 r^2 + a3 r^3}, {@code r = max(0, x)} (PolyCom, arXiv 2411.03884). */
record PolyRelu(float a0, float a1, float a2, float a3) implements Formula {
  @Override
  public float at(float x) {
    double r = Math.max(0f, x);
    return (float) (((a3 * r + a2) * r + a1) * r + a0);
  }

  @Override
  public VectorFormula overVectors() {
    return new Lanes(a0, a1, a2, a3);
  }

  @Override
  public OptionalDouble flatBelow() {
    return OptionalDouble.of(0);
  }

  @Override
  public float flatValue() {
    return a0;
  }

  private record Lanes(float a0, float a1, float a2, float a3) implements VectorFormula {
    @Override
    public FloatVector at(FloatVector x) {
      FloatVector r = x.max(0f);
      return splat(a3).fma(r, splat(a2)).fma(r, splat(a1)).fma(r, splat(a0));
    }
  }
}
