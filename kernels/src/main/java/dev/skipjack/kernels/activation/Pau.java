package dev.skipjack.kernels.activation;

import static dev.skipjack.kernels.math.VectorMath.splat;

import jdk.incubator.vector.FloatVector;

/**
 * The safe Padé activation unit {@code (a0 + a1 x + .. + a5 x^5) / (1 + |b1 x + .. + b4 x^4|)}
 * (arXiv 1907.06732). Over vectors {@code a5 x^5} must not overflow: to be sure, {@code |x| < 1e7}.
 *
 * @param c {@code a0 .. a5, b1 .. b4}
 */
record Pau(float[] c) implements Formula {
  @Override
  public float at(float x) {
    double v = x;
    double p = ((((c[5] * v + c[4]) * v + c[3]) * v + c[2]) * v + c[1]) * v + c[0];
    double q = (((c[9] * v + c[8]) * v + c[7]) * v + c[6]) * v;
    return (float) (p / (1 + Math.abs(q)));
  }

  @Override
  public VectorFormula overVectors() {
    return new Lanes(c);
  }

  private record Lanes(
      float a0,
      float a1,
      float a2,
      float a3,
      float a4,
      float a5,
      float b1,
      float b2,
      float b3,
      float b4)
      implements VectorFormula {
    Lanes(float[] c) {
      this(c[0], c[1], c[2], c[3], c[4], c[5], c[6], c[7], c[8], c[9]);
    }

    @Override
    public FloatVector at(FloatVector x) {
      FloatVector p = splat(a5).fma(x, splat(a4)).fma(x, splat(a3));
      p = p.fma(x, splat(a2)).fma(x, splat(a1)).fma(x, splat(a0));
      FloatVector q = splat(b4).fma(x, splat(b3)).fma(x, splat(b2)).fma(x, splat(b1)).mul(x);
      return p.div(q.abs().add(1f));
    }
  }
}
