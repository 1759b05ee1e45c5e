package dev.skipjack.kernels.vector;

import static dev.skipjack.kernels.vector.Species.FLOATS;
import static dev.skipjack.kernels.vector.Species.INTS;
import static dev.skipjack.kernels.vector.Species.LANES;
import static dev.skipjack.kernels.vector.Species.SHORTS;
import static java.nio.ByteOrder.LITTLE_ENDIAN;

import dev.skipjack.kernels.support.ScratchPool;
import dev.skipjack.kernels.support.SpanKernels;
import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.ShortVector;
import jdk.incubator.vector.VectorOperators;

/**
 * Spans of IEEE 754 binary16. The Vector API has no name for the processor's own conversion, so
 * products move the bits to their place in a float, where the exponent is 112 too small, also that
 * of subnormals, and a multiplication makes up for it. Infinities and NaN become large numbers that
 * way: the largest magnitude tells, and a span that holds one is multiplied again with care. What
 * is not a product is left to C2, which knows the conversion in loops over scalars.
 */
final class F16Spans extends FloatSpans {
  private static final int MAGNITUDE = 0x0fffe000;
  private static final int SIGN_AND_MAGNITUDE = 0x8fffe000;
  private static final int NOT_FINITE = 0x0f800000;
  private static final float SCALE_UNIT = 0x1p112f;

  private final SpanKernels others;

  /**
   * @param others for what is not a product
   * @param pool of at least four vectors of floats
   */
  F16Spans(SpanKernels others, ScratchPool pool) {
    super(pool, Short.BYTES);
    this.others = others;
  }

  @Override
  public float dot(MemorySegment weights, long offset, int count, float[] x, int xOffset) {
    FloatVector even = Lanes.zero();
    FloatVector odd = Lanes.zero();
    int i = 0;
    for (; i <= count - LANES; i += LANES) {
      FloatVector next =
          Lanes.halves(weights, offset + 2L * i).fma(Lanes.load(x, xOffset + i), even);
      even = odd;
      odd = next;
    }
    float sum = Lanes.sum(even.add(odd));
    for (; i < count; i++) {
      sum = Math.fma(Lanes.half(weights, offset + 2L * i), x[xOffset + i], sum);
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
    IntVector largest = IntVector.zero(INTS);
    for (int i = 0; i <= count - LANES; i += LANES) {
      Lanes.expectFaults();
      FloatVector input = FloatVector.fromArray(FLOATS, x, xOffset + i);
      IntVector bits0 =
          ((IntVector)
                  ShortVector.fromMemorySegment(SHORTS, weights, offset + 2L * i, LITTLE_ENDIAN)
                      .convertShape(VectorOperators.S2I, INTS, 0))
              .lanewise(VectorOperators.LSHL, 13);
      FloatVector next0 =
          bits0.and(SIGN_AND_MAGNITUDE).reinterpretAsFloats().mul(SCALE_UNIT).fma(input, even0);
      largest = largest.max(bits0.and(MAGNITUDE));
      even0 = odd0;
      odd0 = next0;
      IntVector bits1 =
          ((IntVector)
                  ShortVector.fromMemorySegment(SHORTS, weights, offset1 + 2L * i, LITTLE_ENDIAN)
                      .convertShape(VectorOperators.S2I, INTS, 0))
              .lanewise(VectorOperators.LSHL, 13);
      FloatVector next1 =
          bits1.and(SIGN_AND_MAGNITUDE).reinterpretAsFloats().mul(SCALE_UNIT).fma(input, even1);
      largest = largest.max(bits1.and(MAGNITUDE));
      even1 = odd1;
      odd1 = next1;
      IntVector bits2 =
          ((IntVector)
                  ShortVector.fromMemorySegment(SHORTS, weights, offset2 + 2L * i, LITTLE_ENDIAN)
                      .convertShape(VectorOperators.S2I, INTS, 0))
              .lanewise(VectorOperators.LSHL, 13);
      FloatVector next2 =
          bits2.and(SIGN_AND_MAGNITUDE).reinterpretAsFloats().mul(SCALE_UNIT).fma(input, even2);
      largest = largest.max(bits2.and(MAGNITUDE));
      even2 = odd2;
      odd2 = next2;
      IntVector bits3 =
          ((IntVector)
                  ShortVector.fromMemorySegment(SHORTS, weights, offset3 + 2L * i, LITTLE_ENDIAN)
                      .convertShape(VectorOperators.S2I, INTS, 0))
              .lanewise(VectorOperators.LSHL, 13);
      FloatVector next3 =
          bits3.and(SIGN_AND_MAGNITUDE).reinterpretAsFloats().mul(SCALE_UNIT).fma(input, even3);
      largest = largest.max(bits3.and(MAGNITUDE));
      even3 = odd3;
      odd3 = next3;
    }
    even0.add(odd0).intoArray(sums, 0);
    even1.add(odd1).intoArray(sums, LANES);
    even2.add(odd2).intoArray(sums, 2 * LANES);
    even3.add(odd3).intoArray(sums, 3 * LANES);
    return largest.reduceLanes(VectorOperators.MAX) < NOT_FINITE;
  }

  @Override
  float value(MemorySegment weights, long offset) {
    return Lanes.half(weights, offset);
  }

  @Override
  public void axpy(float a, MemorySegment weights, long offset, int count, float[] y, int yOffset) {
    others.axpy(a, weights, offset, count, y, yOffset);
  }

  @Override
  public void decode(MemorySegment weights, long offset, int count, float[] out, int outOffset) {
    others.decode(weights, offset, count, out, outOffset);
  }
}
