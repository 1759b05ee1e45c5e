package dev.skipjack.kernels.activation;

import java.util.OptionalDouble;
import jdk.incubator.vector.FloatVector;

/** {@code x} if {@code x >= threshold}, else 0: FATReLU (ProSparse, arXiv 2402.13516). */
record FatRelu(float threshold) implements Formula {
  @Override
  public float at(float x) {
    return x < threshold ? 0 : x;
  }

  @Override
  public VectorFormula overVectors() {
    return new Lanes(threshold);
  }

  @Override
  public OptionalDouble flatBelow() {
    return OptionalDouble.of(Math.nextDown(threshold));
  }

  private record Lanes(float threshold) implements VectorFormula {
    @Override
    public FloatVector at(FloatVector x) {
      return x.blend(0f, x.lt(threshold));
    }
  }
}
