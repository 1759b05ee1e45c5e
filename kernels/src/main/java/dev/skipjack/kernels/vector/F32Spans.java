package dev.skipjack.kernels.vector;

import static dev.skipjack.kernels.vector.Species.FLOATS;
import static dev.skipjack.kernels.vector.Species.LANES;
import static java.nio.ByteOrder.LITTLE_ENDIAN;

import dev.skipjack.kernels.support.ScratchPool;
import dev.skipjack.loader.tensor.LittleEndian;
import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.FloatVector;

/** Spans of IEEE 754 binary32. */
final class F32Spans extends FloatSpans {
  /**
   * @param pool of at least four vectors of floats
   */
  F32Spans(ScratchPool pool) {
    super(pool, Float.BYTES);
  }

  @Override
  public float dot(MemorySegment weights, long offset, int count, float[] x, int xOffset) {
    // Two sums that take turns: one would wait for the latency of every addition.
    FloatVector even = Lanes.zero();
    FloatVector odd = Lanes.zero();
    int i = 0;
    for (; i <= count - LANES; i += LANES) {
      FloatVector next = load(weights, offset, i).fma(Lanes.load(x, xOffset + i), even);
      even = odd;
      odd = next;
    }
    float sum = Lanes.sum(even.add(odd));
    for (; i < count; i++) {
      sum = Math.fma(value(weights, offset, i), x[xOffset + i], sum);
    }
    return sum;
  }

  @Override
  boolean accumulate4(
      MemorySegment weights,
      long offset,
      long stride,
      int count,
      float[] x,
      int xOffset,
      float[] sums) {
    long offset1 = offset + stride;
    long offset2 = offset + 2 * stride;
    long offset3 = offset + 3 * stride;
    FloatVector even0 = FloatVector.zero(FLOATS);
    FloatVector even1 = even0;
    FloatVector even2 = even0;
    FloatVector even3 = even0;
    FloatVector odd0 = even0;
    FloatVector odd1 = even0;
    FloatVector odd2 = even0;
    FloatVector odd3 = even0;
    for (int i = 0; i <= count - LANES; i += LANES) {
      Lanes.expectFaults();
      FloatVector input = FloatVector.fromArray(FLOATS, x, xOffset + i);
      FloatVector next0 =
          FloatVector.fromMemorySegment(FLOATS, weights, offset + 4L * i, LITTLE_ENDIAN)
              .fma(input, even0);
      even0 = odd0;
      odd0 = next0;
      FloatVector next1 =
          FloatVector.fromMemorySegment(FLOATS, weights, offset1 + 4L * i, LITTLE_ENDIAN)
              .fma(input, even1);
      even1 = odd1;
      odd1 = next1;
      FloatVector next2 =
          FloatVector.fromMemorySegment(FLOATS, weights, offset2 + 4L * i, LITTLE_ENDIAN)
              .fma(input, even2);
      even2 = odd2;
      odd2 = next2;
      FloatVector next3 =
          FloatVector.fromMemorySegment(FLOATS, weights, offset3 + 4L * i, LITTLE_ENDIAN)
              .fma(input, even3);
      even3 = odd3;
      odd3 = next3;
    }
    even0.add(odd0).intoArray(sums, 0);
    even1.add(odd1).intoArray(sums, LANES);
    even2.add(odd2).intoArray(sums, 2 * LANES);
    even3.add(odd3).intoArray(sums, 3 * LANES);
    return true;
  }

  @Override
  float value(MemorySegment weights, long offset) {
    return value(weights, offset, 0);
  }

  @Override
  public void axpy(float a, MemorySegment weights, long offset, int count, float[] y, int yOffset) {
    FloatVector factor = Lanes.broadcast(a);
    int i = 0;
    for (; i <= count - LANES; i += LANES) {
      int at = yOffset + i;
      load(weights, offset, i).fma(factor, Lanes.load(y, at)).intoArray(y, at);
    }
    for (; i < count; i++) {
      y[yOffset + i] = Math.fma(value(weights, offset, i), a, y[yOffset + i]);
    }
  }

  @Override
  public void axpy4(
      float a0,
      float a1,
      float a2,
      float a3,
      MemorySegment weights,
      long offset0,
      long offset1,
      long offset2,
      long offset3,
      int count,
      float[] y,
      int yOffset) {
    FloatVector factor0 = Lanes.broadcast(a0);
    FloatVector factor1 = Lanes.broadcast(a1);
    FloatVector factor2 = Lanes.broadcast(a2);
    FloatVector factor3 = Lanes.broadcast(a3);
    int i = 0;
    for (; i <= count - LANES; i += LANES) {
      int at = yOffset + i;
      FloatVector sum = load(weights, offset0, i).fma(factor0, Lanes.load(y, at));
      sum = load(weights, offset1, i).fma(factor1, sum);
      sum = load(weights, offset2, i).fma(factor2, sum);
      load(weights, offset3, i).fma(factor3, sum).intoArray(y, at);
    }
    for (; i < count; i++) {
      float sum = Math.fma(value(weights, offset0, i), a0, y[yOffset + i]);
      sum = Math.fma(value(weights, offset1, i), a1, sum);
      sum = Math.fma(value(weights, offset2, i), a2, sum);
      y[yOffset + i] = Math.fma(value(weights, offset3, i), a3, sum);
    }
  }

  @Override
  public void decode(MemorySegment weights, long offset, int count, float[] out, int outOffset) {
    MemorySegment.copy(weights, LittleEndian.FLOAT, offset, out, outOffset, count);
  }

  private static FloatVector load(MemorySegment weights, long offset, int i) {
    return Lanes.floats(weights, offset + 4L * i);
  }

  private static float value(MemorySegment weights, long offset, int i) {
    return weights.get(LittleEndian.FLOAT, offset + 4L * i);
  }
}
