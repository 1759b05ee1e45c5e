package dev.skipjack.kernels.activation;

import static dev.skipjack.kernels.math.VectorMath.splat;

import jdk.incubator.vector.FloatVector;

/** {@code (x + sqrt(x^2 + b)) / 2}, {@code b > 0} (arXiv 2112.11687). */
record Squareplus(float b) implements Formula {
  /** Beyond, {@code x^2} may overflow, and {@code sqrt(x^2 + b)} rounds to {@code |x|}. */
  private static final float HUGE = 1e18f;

  Squareplus {
    if (!(b > 0)) {
      throw new IllegalArgumentException("squareplus: b is %s, not positive".formatted(b));
    }
  }

  @Override
  public float at(float x) {
    double root = Math.sqrt((double) x * x + b) + Math.abs(x);
    return (float) (x < 0 ? b / (2 * root) : root / 2);
  }

  @Override
  public VectorFormula overVectors() {
    return new Lanes(b);
  }

  private record Lanes(float b) implements VectorFormula {
    @Override
    public FloatVector at(FloatVector x) {
      FloatVector a = x.abs();
      FloatVector root = a.fma(a, splat(b)).sqrt();
      FloatVector half = root.blend(a, a.lt(HUGE).not()).mul(0.5f).add(a.mul(0.5f));
      return half.blend(splat(0.25f * b).div(half), x.lt(0f));
    }
  }
}
