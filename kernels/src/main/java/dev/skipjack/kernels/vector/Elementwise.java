package dev.skipjack.kernels.vector;

import static dev.skipjack.kernels.vector.Species.LANES;

import jdk.incubator.vector.FloatVector;

/** Sums, products and multiples of float ranges. Ranges must be valid. */
final class Elementwise {
  private Elementwise() {}

  static float dot(float[] x, int xOffset, float[] y, int yOffset, int length) {
    // Four sums that take turns: one would wait for the latency of every addition.
    FloatVector sum0 = Lanes.zero();
    FloatVector sum1 = Lanes.zero();
    FloatVector sum2 = Lanes.zero();
    FloatVector sum3 = Lanes.zero();
    int i = 0;
    for (; i <= length - LANES; i += LANES) {
      FloatVector next = Lanes.load(x, xOffset + i).fma(Lanes.load(y, yOffset + i), sum0);
      sum0 = sum1;
      sum1 = sum2;
      sum2 = sum3;
      sum3 = next;
    }
    float sum = Lanes.sum(sum0.add(sum2).add(sum1.add(sum3)));
    for (; i < length; i++) {
      sum = Math.fma(x[xOffset + i], y[yOffset + i], sum);
    }
    return sum;
  }

  static void axpy(float a, float[] x, int xOffset, float[] y, int yOffset, int length) {
    FloatVector factor = Lanes.broadcast(a);
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
