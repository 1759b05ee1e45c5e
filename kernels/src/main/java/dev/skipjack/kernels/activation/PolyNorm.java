package dev.skipjack.kernels.activation;

import static dev.skipjack.kernels.math.VectorMath.SPECIES;
import static dev.skipjack.kernels.math.VectorMath.splat;

import java.util.Objects;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;

/**
 * {@code a0 + sum_i a_i x^i / rms(x^i)} for {@code i = 1 .. 3}, {@code rms(v) = sqrt(mean(v^2) +
 * 1e-6)} over the whole range (PolyCom, arXiv 2411.03884). Not elementwise. Over vectors {@code
 * x^6} is summed in float, so {@code |x| < 1e6}.
 */
record PolyNorm(float a0, float a1, float a2, float a3) implements Definition {
  private static final double EPSILON = 1e-6;

  @Override
  public Activation scalar(String name) {
    return new Scalar(name, this);
  }

  @Override
  public Activation vector(String name) {
    return new IsolatedActivation(new OverVectors(name, this));
  }

  /** {@code a / rms} for a mean square. */
  private static double factor(float a, double squares, int length) {
    return a / Math.sqrt(squares / length + EPSILON);
  }

  private record Scalar(String name, PolyNorm polynomial) implements Activation {
    @Override
    public void apply(float[] x, int offset, int length) {
      Objects.checkFromIndexSize(offset, length, x.length);
      double sum2 = 0;
      double sum4 = 0;
      double sum6 = 0;
      for (int i = offset; i < offset + length; i++) {
        double square = (double) x[i] * x[i];
        sum2 += square;
        sum4 += square * square;
        sum6 += square * square * square;
      }
      double c1 = factor(polynomial.a1, sum2, length);
      double c2 = factor(polynomial.a2, sum4, length);
      double c3 = factor(polynomial.a3, sum6, length);
      for (int i = offset; i < offset + length; i++) {
        x[i] = (float) (((c3 * x[i] + c2) * x[i] + c1) * x[i] + polynomial.a0);
      }
    }

    @Override
    public boolean elementwise() {
      return false;
    }
  }

  private record OverVectors(String name, PolyNorm polynomial) implements Activation {
    @Override
    public void apply(float[] x, int offset, int length) {
      Objects.checkFromIndexSize(offset, length, x.length);
      int vectorized = offset + SPECIES.loopBound(length);
      FloatVector sums2 = splat(0);
      FloatVector sums4 = splat(0);
      FloatVector sums6 = splat(0);
      for (int i = offset; i < vectorized; i += SPECIES.length()) {
        FloatVector v = FloatVector.fromArray(SPECIES, x, i);
        FloatVector square = v.mul(v);
        FloatVector fourth = square.mul(square);
        sums2 = sums2.add(square);
        sums4 = sums4.add(fourth);
        sums6 = fourth.fma(square, sums6);
      }
      double sum2 = sums2.reduceLanes(VectorOperators.ADD);
      double sum4 = sums4.reduceLanes(VectorOperators.ADD);
      double sum6 = sums6.reduceLanes(VectorOperators.ADD);
      for (int i = vectorized; i < offset + length; i++) {
        double square = (double) x[i] * x[i];
        sum2 += square;
        sum4 += square * square;
        sum6 += square * square * square;
      }
      float c1 = (float) factor(polynomial.a1, sum2, length);
      float c2 = (float) factor(polynomial.a2, sum4, length);
      float c3 = (float) factor(polynomial.a3, sum6, length);
      evaluate(x, offset, length, c1, c2, c3);
    }

    private void evaluate(float[] x, int offset, int length, float c1, float c2, float c3) {
      int vectorized = offset + SPECIES.loopBound(length);
      for (int i = offset; i < vectorized; i += SPECIES.length()) {
        FloatVector v = FloatVector.fromArray(SPECIES, x, i);
        splat(c3).fma(v, splat(c2)).fma(v, splat(c1)).fma(v, splat(polynomial.a0)).intoArray(x, i);
      }
      for (int i = vectorized; i < offset + length; i++) {
        x[i] = ((c3 * x[i] + c2) * x[i] + c1) * x[i] + polynomial.a0;
      }
    }

    @Override
    public boolean elementwise() {
      return false;
    }
  }
}
