package dev.skipjack.kernels.vector;

import static dev.skipjack.kernels.vector.Species.LANES;

import jdk.incubator.vector.FloatVector;

/** Sums, products and multiples of float ranges. Ranges must be valid. */
final class Elementwise {
  private Elementwise() {}

  static float dot(float[] x, int xOffset, float[] y, int yOffset, int length) {
    FloatVector sum0 = Lanes.zero();
    FloatVector sum1 = Lanes.zero();
    FloatVector sum2 = Lanes.zero();
    FloatVector sum3 = Lanes.zero();
    int i = 0;
    for (; i <= length - 4 * LANES; i += 4 * LANES) {
      int xAt = xOffset + i;
      int yAt = yOffset + i;
      sum0 = Lanes.load(x, xAt).fma(Lanes.load(y, yAt), sum0);
      sum1 = Lanes.load(x, xAt + LANES).fma(Lanes.load(y, yAt + LANES), sum1);
      sum2 = Lanes.load(x, xAt + 2 * LANES).fma(Lanes.load(y, yAt + 2 * LANES), sum2);
      sum3 = Lanes.load(x, xAt + 3 * LANES).fma(Lanes.load(y, yAt + 3 * LANES), sum3);
    }
    for (; i <= length - LANES; i += LANES) {
      sum0 = Lanes.load(x, xOffset + i).fma(Lanes.load(y, yOffset + i), sum0);
    }
    float sum = Lanes.sum(sum0.add(sum1).add(sum2.add(sum3)));
    for (; i < length; i++) {
      sum = Math.fma(x[xOffset + i], y[yOffset + i], sum);
    }
    return sum;
  }

  static void axpy(float a, float[] x, int xOffset, float[] y, int yOffset, int length) {
    FloatVector factor = FloatVector.broadcast(Species.FLOATS, a);
    int i = 0;
    for (; i <= length - LANES; i += LANES) {
      int at = yOffset + i;
      Lanes.load(x, xOffset + i).fma(factor, Lanes.load(y, at)).intoArray(y, at);
    }
    for (; i < length; i++) {
      y[yOffset + i] = Math.fma(a, x[xOffset + i], y[yOffset + i]);
    }
  }

  static void multiply(float[] x, int xOffset, float[] y, int yOffset, int length) {
    int i = 0;
    for (; i <= length - LANES; i += LANES) {
      Lanes.load(x, xOffset + i).mul(Lanes.load(y, yOffset + i)).intoArray(y, yOffset + i);
    }
    for (; i < length; i++) {
      y[yOffset + i] *= x[xOffset + i];
    }
  }

  static void scale(float a, float[] x, int xOffset, int length) {
    int i = xOffset;
    int end = xOffset + length;
    for (; i <= end - LANES; i += LANES) {
      Lanes.load(x, i).mul(a).intoArray(x, i);
    }
    for (; i < end; i++) {
      x[i] *= a;
    }
  }
}
