package dev.skipjack.kernels.activation;

import static dev.skipjack.kernels.math.VectorMath.exp;

import java.util.OptionalDouble;
import jdk.incubator.vector.FloatVector;

/** {@code x exp(-exp(-x))} (arXiv 2502.03654). */
record GoLu() implements Formula {
  /** Where the factor has long been 0: infinity times 0 must not become NaN. */
  private static final float NEGLIGIBLE = -16;

  @Override
  public float at(float x) {
    return (float) ScalarMath.gate(Math.exp(-Math.exp(-(double) x)), x);
  }

  @Override
  public VectorFormula overVectors() {
    return new Lanes();
  }

  /** The left tail falls so fast that float has only zeros from here on. */
  @Override
  public OptionalDouble flatBelow() {
    return OptionalDouble.of(-4.7);
  }

  private record Lanes() implements VectorFormula {
    @Override
    public FloatVector at(FloatVector x) {
      return exp(exp(x.neg()).neg()).mul(x.max(NEGLIGIBLE));
    }
  }
}
