package dev.skipjack.kernels.activation;

import static dev.skipjack.kernels.math.VectorMath.normalCdf;

import jdk.incubator.vector.FloatVector;

/** {@code x ((1 + 2 alpha) C(x) - alpha)} with the normal distribution C (arXiv 2405.20768). */
record XGelu(float alpha) implements Formula {
  @Override
  public float at(float x) {
    double s = (1 + 2.0 * alpha) * ScalarMath.normalCdf(x) - alpha;
    return (float) (s * x);
  }

  @Override
  public VectorFormula overVectors() {
    return new Lanes(alpha);
  }

  private record Lanes(float alpha) implements VectorFormula {
    @Override
    public FloatVector at(FloatVector x) {
      FloatVector s = normalCdf(x).fma(1 + 2 * alpha, -alpha);
      return s.mul(x);
    }
  }
}
