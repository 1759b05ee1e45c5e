package dev.skipjack.kernels.vector;

import static dev.skipjack.kernels.vector.Species.LANES;

import dev.skipjack.kernels.math.VectorMath;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;

/** What turns logits into probabilities and choices. Ranges must be valid. */
final class Softmax {
  private Softmax() {}

  /** The largest value; NaN if there is one; negative infinity for an empty range. */
  static float max(float[] x, int offset, int length) {
    FloatVector best = Lanes.broadcast(Float.NEGATIVE_INFINITY);
    int i = offset;
    int end = offset + length;
    for (; i <= end - LANES; i += LANES) {
      best = best.max(Lanes.load(x, i));
    }
    float max = best.reduceLanes(VectorOperators.MAX);
    for (; i < end; i++) {
      max = Math.max(max, x[i]);
    }
    return max;
  }

  /**
   * {@link #max} of four rows. A maximum of floats is six instructions, one after the other; those
   * of four rows do not wait for each other.
   */
  static void maxOfFour(float[] x, int offset, int stride, int length, float[] out, int to) {
    FloatVector a = Lanes.broadcast(Float.NEGATIVE_INFINITY);
    FloatVector b = a;
    FloatVector c = a;
    FloatVector d = a;
    int i = offset;
    int end = offset + length;
    for (; i <= end - LANES; i += LANES) {
      a = a.max(Lanes.load(x, i));
      b = b.max(Lanes.load(x, i + stride));
      c = c.max(Lanes.load(x, i + 2 * stride));
      d = d.max(Lanes.load(x, i + 3 * stride));
    }
    float maxA = a.reduceLanes(VectorOperators.MAX);
    float maxB = b.reduceLanes(VectorOperators.MAX);
    float maxC = c.reduceLanes(VectorOperators.MAX);
    float maxD = d.reduceLanes(VectorOperators.MAX);
    for (; i < end; i++) {
      maxA = Math.max(maxA, x[i]);
      maxB = Math.max(maxB, x[i + stride]);
      maxC = Math.max(maxC, x[i + 2 * stride]);
      maxD = Math.max(maxD, x[i + 3 * stride]);
    }
    out[to] = maxA;
    out[to + 1] = maxB;
    out[to + 2] = maxC;
    out[to + 3] = maxD;
  }

  /** The largest value that is a number; negative infinity if there is none. */
  static float maxNumber(float[] x, int offset, int length) {
    FloatVector best = Lanes.broadcast(Float.NEGATIVE_INFINITY);
    int i = offset;
    int end = offset + length;
    for (; i <= end - LANES; i += LANES) {
      FloatVector v = Lanes.load(x, i);
      best = best.blend(v, v.compare(VectorOperators.GT, best));
    }
    float max = best.reduceLanes(VectorOperators.MAX);
    for (; i < end; i++) {
      max = x[i] > max ? x[i] : max;
    }
    return max;
  }

  /** Index from {@code offset} of the first such value; 0 if there is none. */
  static int firstIndexOf(float value, float[] x, int offset, int length) {
    int i = 0;
    for (; i <= length - LANES; i += LANES) {
      VectorMask<Float> equal = Lanes.load(x, offset + i).eq(value);
      if (equal.anyTrue()) {
        return i + equal.firstTrue();
      }
    }
    for (; i < length; i++) {
      if (x[offset + i] == value) {
        return i;
      }
    }
    return 0;
  }

  /** Replaces each x by {@code exp(x - max)} and sums them. */
  static float exponentials(float[] x, int offset, int length, float max) {
    FloatVector sums = Lanes.zero();
    int i = offset;
    int end = offset + length;
    for (; i <= end - LANES; i += LANES) {
      FloatVector power = VectorMath.exp(Lanes.load(x, i).sub(max));
      power.intoArray(x, i);
      sums = sums.add(power);
    }
    float sum = Lanes.sum(sums);
    for (; i < end; i++) {
      x[i] = (float) Math.exp(x[i] - max);
      sum += x[i];
    }
    return sum;
  }

  /** Replaces each x by {@code cap tanh(x / cap)}. */
  static void softcap(float cap, float[] x, int offset, int length) {
    int i = offset;
    int end = offset + length;
    for (; i <= end - LANES; i += LANES) {
      VectorMath.tanh(Lanes.load(x, i).div(cap)).mul(cap).intoArray(x, i);
    }
    for (; i < end; i++) {
      x[i] = cap * (float) Math.tanh(x[i] / cap);
    }
  }
}
