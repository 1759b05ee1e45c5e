package dev.skipjack.kernels.vector;

import static dev.skipjack.kernels.vector.Species.FLOATS;
import static dev.skipjack.kernels.vector.Species.INTS;
import static dev.skipjack.kernels.vector.Species.LANES;
import static dev.skipjack.kernels.vector.Species.SHORTS;
import static dev.skipjack.kernels.vector.Species.SHORT_PAIRS;
import static java.nio.ByteOrder.LITTLE_ENDIAN;

import dev.skipjack.kernels.support.ScratchPool;
import dev.skipjack.kernels.support.SpanKernels;
import dev.skipjack.loader.tensor.LittleEndian;
import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.ShortVector;
import jdk.incubator.vector.VectorOperators;

/**
 * Spans of IEEE 754 binary16 without infinities and NaN. Where {@link F16Spans} multiplies every
 * weight by what its exponent is too small, and looks for those that are none, here the four spans
 * side by side share one multiplication of the input, and their sums get the rest. Powers of two
 * round nothing, so products are to the bit those of {@link F16Spans}.
 */
final class FiniteF16Spans extends FloatSpans {
  private static final int SIGN_AND_MAGNITUDE = 0x8fffe000;
  private static final int MAGNITUDE = 0x7fff;
  private static final int INFINITY = 0x7c00;

  /** Halves lack 2^112. Sums get a part of it, so that large inputs stay finite. */
  private static final float INPUT_UNIT = 0x1p100f;

  private static final float SUM_UNIT = 0x1p12f;

  private final SpanKernels any;

  /**
   * @param any for all halves, to the bit
   * @param pool of at least four vectors of floats
   */
  FiniteF16Spans(F16Spans any, ScratchPool pool) {
    super(pool, Short.BYTES);
    this.any = any;
  }

  /** Whether all halves of {@code [from, to)} bytes are finite. */
  static boolean holds(MemorySegment weights, long from, long to) {
    int step = SHORT_PAIRS.vectorByteSize();
    ShortVector largest = ShortVector.zero(SHORT_PAIRS);
    long at = from;
    for (; at + step <= to; at += step) {
      Lanes.expectFaults();
      largest =
          largest.max(
              ShortVector.fromMemorySegment(SHORT_PAIRS, weights, at, LITTLE_ENDIAN)
                  .and((short) MAGNITUDE));
    }
    int last = largest.reduceLanes(VectorOperators.MAX);
    for (; at < to; at += Short.BYTES) {
      last = Math.max(last, weights.get(LittleEndian.SHORT, at) & MAGNITUDE);
    }
    return last < INFINITY;
  }

  /** Fails where inputs are so large that their products here are infinite. */
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
      FloatVector input = FloatVector.fromArray(FLOATS, x, xOffset + i).mul(INPUT_UNIT);
      FloatVector next0 =
          ((IntVector)
                  ShortVector.fromMemorySegment(SHORTS, weights, offset + 2L * i, LITTLE_ENDIAN)
                      .convertShape(VectorOperators.S2I, INTS, 0))
              .lanewise(VectorOperators.LSHL, 13)
              .and(SIGN_AND_MAGNITUDE)
              .reinterpretAsFloats()
              .fma(input, even0);
      even0 = odd0;
      odd0 = next0;
      FloatVector next1 =
          ((IntVector)
                  ShortVector.fromMemorySegment(SHORTS, weights, offset1 + 2L * i, LITTLE_ENDIAN)
                      .convertShape(VectorOperators.S2I, INTS, 0))
              .lanewise(VectorOperators.LSHL, 13)
              .and(SIGN_AND_MAGNITUDE)
              .reinterpretAsFloats()
              .fma(input, even1);
      even1 = odd1;
      odd1 = next1;
      FloatVector next2 =
          ((IntVector)
                  ShortVector.fromMemorySegment(SHORTS, weights, offset2 + 2L * i, LITTLE_ENDIAN)
                      .convertShape(VectorOperators.S2I, INTS, 0))
              .lanewise(VectorOperators.LSHL, 13)
              .and(SIGN_AND_MAGNITUDE)
              .reinterpretAsFloats()
              .fma(input, even2);
      even2 = odd2;
      odd2 = next2;
      FloatVector next3 =
          ((IntVector)
                  ShortVector.fromMemorySegment(SHORTS, weights, offset3 + 2L * i, LITTLE_ENDIAN)
                      .convertShape(VectorOperators.S2I, INTS, 0))
              .lanewise(VectorOperators.LSHL, 13)
              .and(SIGN_AND_MAGNITUDE)
              .reinterpretAsFloats()
              .fma(input, even3);
      even3 = odd3;
      odd3 = next3;
    }
    even0 = even0.add(odd0).mul(SUM_UNIT);
    even1 = even1.add(odd1).mul(SUM_UNIT);
    even2 = even2.add(odd2).mul(SUM_UNIT);
    even3 = even3.add(odd3).mul(SUM_UNIT);
    even0.intoArray(sums, 0);
    even1.intoArray(sums, LANES);
    even2.intoArray(sums, 2 * LANES);
    even3.intoArray(sums, 3 * LANES);
    // Zero times anything finite, and NaN otherwise.
    FloatVector doubt = even0.mul(0).add(even1.mul(0)).add(even2.mul(0)).add(even3.mul(0));
    return doubt.reduceLanes(VectorOperators.ADD) == 0;
  }

  @Override
  float value(MemorySegment weights, long offset) {
    return Lanes.half(weights, offset);
  }

  @Override
  public float dot(MemorySegment weights, long offset, int count, float[] x, int xOffset) {
    return any.dot(weights, offset, count, x, xOffset);
  }

  @Override
  public void axpy(float a, MemorySegment weights, long offset, int count, float[] y, int yOffset) {
    any.axpy(a, weights, offset, count, y, yOffset);
  }

  @Override
  public void decode(MemorySegment weights, long offset, int count, float[] out, int outOffset) {
    any.decode(weights, offset, count, out, outOffset);
  }
}
