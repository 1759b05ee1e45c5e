package dev.skipjack.kernels.activation;

import java.util.OptionalDouble;
import jdk.incubator.vector.FloatVector;

/**
 * 0 below -beta, {@code (x + beta)^2 / (4 beta)} up to beta, {@code x} beyond (arXiv 2202.06499).
 */
record SmeLu(float beta) implements Formula {
  SmeLu {
    if (!(beta > 0)) {
      throw new IllegalArgumentException("smelu: beta is %s, not positive".formatted(beta));
    }
  }

  @Override
  public float at(float x) {
    if (x >= beta) {
      return x;
    }
    double t = Math.max((double) x + beta, 0);
    return (float) (t * t / (4.0 * beta));
  }

  @Override
  public VectorFormula overVectors() {
    return new Lanes(beta);
  }

  @Override
  public OptionalDouble flatBelow() {
    return OptionalDouble.of(-beta);
  }

  private record Lanes(float beta) implements VectorFormula {
    @Override
    public FloatVector at(FloatVector x) {
      FloatVector t = x.add(beta).max(0f);
      return t.mul(t).div(4 * beta).blend(x, x.lt(beta).not());
    }
  }
}
