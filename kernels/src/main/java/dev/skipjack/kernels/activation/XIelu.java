package dev.skipjack.kernels.activation;

import static dev.skipjack.kernels.math.VectorMath.expm1OfNegative;
import static dev.skipjack.kernels.math.VectorMath.splat;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;

/**
 * xIELU (Apertus; arXiv 2411.13010): {@code alphaP x^2 + beta x} if {@code x > 0}, else {@code
 * alphaN (expm1(min(x, eps)) - x) + beta x}.
 */
record XIelu(float alphaN, float alphaP, float beta, float eps) implements Formula {
  XIelu {
    if (eps > 0) {
      throw new IllegalArgumentException("xielu: eps is %s, not negative".formatted(eps));
    }
  }

  @Override
  public float at(float x) {
    double v = x;
    return (float)
        (x > 0
            ? (alphaP * v + beta) * v
            : alphaN * Math.expm1(Math.min(x, eps)) + ((double) beta - alphaN) * v);
  }

  @Override
  public VectorFormula overVectors() {
    return new Lanes(alphaN, alphaP, beta, eps);
  }

  private record Lanes(float alphaN, float alphaP, float beta, float eps) implements VectorFormula {
    @Override
    public FloatVector at(FloatVector x) {
      FloatVector positive = x.fma(alphaP, beta).mul(x);
      FloatVector negative = expm1OfNegative(x.min(eps)).fma(splat(alphaN), x.mul(beta - alphaN));
      return negative.blend(positive, x.compare(VectorOperators.GT, 0f));
    }
  }
}
