package dev.skipjack.kernels.vector;

import static dev.skipjack.kernels.vector.Species.LANES;

import jdk.incubator.vector.FloatVector;

/** The parts of RMS and layer normalisation. Ranges must be valid. */
final class Norms {
  private Norms() {}

  static float sum(float[] x, int offset, int length) {
    FloatVector even = Lanes.zero();
    FloatVector odd = Lanes.zero();
    int i = 0;
    for (; i <= length - 2 * LANES; i += 2 * LANES) {
      even = even.add(Lanes.load(x, offset + i));
      odd = odd.add(Lanes.load(x, offset + i + LANES));
    }
    float sum = Lanes.sum(even.add(odd));
    for (; i < length; i++) {
      sum += x[offset + i];
    }
    return sum;
  }

  /** {@code sum (x - mean)^2}. */
  static float squares(float[] x, int offset, int length, float mean) {
    FloatVector even = Lanes.zero();
    FloatVector odd = Lanes.zero();
    int i = 0;
    for (; i <= length - 2 * LANES; i += 2 * LANES) {
      FloatVector a = Lanes.load(x, offset + i).sub(mean);
      FloatVector b = Lanes.load(x, offset + i + LANES).sub(mean);
      even = a.fma(a, even);
      odd = b.fma(b, odd);
    }
    float sum = Lanes.sum(even.add(odd));
    for (; i < length; i++) {
      float deviation = x[offset + i] - mean;
      sum = Math.fma(deviation, deviation, sum);
    }
    return sum;
  }

  /** {@code out[i] = weight[i] ((x[i] - mean) factor)}. */
  static void scaleInto(
      float[] x,
      int xOffset,
      float[] weight,
      float mean,
      float factor,
      float[] out,
      int outOffset,
      int length) {
    int i = 0;
    for (; i <= length - LANES; i += LANES) {
      FloatVector deviation = Lanes.load(x, xOffset + i).sub(mean);
      deviation.mul(factor).mul(Lanes.load(weight, i)).intoArray(out, outOffset + i);
    }
    for (; i < length; i++) {
      out[outOffset + i] = weight[i] * ((x[xOffset + i] - mean) * factor);
    }
  }
}
