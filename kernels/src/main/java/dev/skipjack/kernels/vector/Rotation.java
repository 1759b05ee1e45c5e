package dev.skipjack.kernels.vector;

import static dev.skipjack.kernels.vector.Species.FLOATS;
import static dev.skipjack.kernels.vector.Species.LANES;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorShuffle;

/** Rotary position embedding. Ranges must be valid. */
final class Rotation {
  /** From two vectors of pairs: every first, every second; and back. */
  private static final VectorShuffle<Float> FIRSTS = VectorShuffle.makeUnzip(FLOATS, 0);

  private static final VectorShuffle<Float> SECONDS = VectorShuffle.makeUnzip(FLOATS, 1);
  private static final VectorShuffle<Float> LOW = VectorShuffle.makeZip(FLOATS, 0);
  private static final VectorShuffle<Float> HIGH = VectorShuffle.makeZip(FLOATS, 1);

  private Rotation() {}

  /** Pairs {@code (x[i], x[i + pairs])}. */
  static void halves(float[] x, int offset, float[] cos, float[] sin, int table, int pairs) {
    int i = 0;
    for (; i <= pairs - LANES; i += LANES) {
      int at = offset + i;
      FloatVector a = Lanes.load(x, at);
      FloatVector b = Lanes.load(x, at + pairs);
      FloatVector c = Lanes.load(cos, table + i);
      FloatVector s = Lanes.load(sin, table + i);
      a.mul(c).sub(b.mul(s)).intoArray(x, at);
      a.mul(s).add(b.mul(c)).intoArray(x, at + pairs);
    }
    for (; i < pairs; i++) {
      pair(x, offset + i, offset + i + pairs, cos[table + i], sin[table + i]);
    }
  }

  /** Pairs {@code (x[2 i], x[2 i + 1])}. */
  static void neighbours(float[] x, int offset, float[] cos, float[] sin, int table, int pairs) {
    int i = 0;
    for (; i <= pairs - LANES; i += LANES) {
      int at = offset + 2 * i;
      FloatVector low = Lanes.load(x, at);
      FloatVector high = Lanes.load(x, at + LANES);
      FloatVector a = low.rearrange(FIRSTS, high);
      FloatVector b = low.rearrange(SECONDS, high);
      FloatVector c = Lanes.load(cos, table + i);
      FloatVector s = Lanes.load(sin, table + i);
      FloatVector first = a.mul(c).sub(b.mul(s));
      FloatVector second = a.mul(s).add(b.mul(c));
      first.rearrange(LOW, second).intoArray(x, at);
      first.rearrange(HIGH, second).intoArray(x, at + LANES);
    }
    for (; i < pairs; i++) {
      pair(x, offset + 2 * i, offset + 2 * i + 1, cos[table + i], sin[table + i]);
    }
  }

  private static void pair(float[] x, int first, int second, float cos, float sin) {
    float a = x[first];
    float b = x[second];
    x[first] = a * cos - b * sin;
    x[second] = a * sin + b * cos;
  }
}
