package dev.skipjack.kernels.vector;

import static dev.skipjack.kernels.vector.Species.LANES;

import dev.skipjack.kernels.support.SpanKernels;
import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;

/** Spans of Q4_0: blocks of {@code f16 d; u8 q[16]}, low nibbles first, {@code y = d (q - 8)}. */
final class Q4_0Spans implements SpanKernels {
  private static final int BLOCK = 32;
  private static final int HALF = 16;
  private static final int BYTES = 18;
  private static final int QUANTS = 2;

  /** {@code 2^23}: or-ing a small integer into its mantissa adds it. */
  private static final int INTEGER_FLOAT = 0x4b000000;

  private static final float CENTRE = 0x1p23f + 8;

  @Override
  public float dot(MemorySegment weights, long offset, int count, float[] x, int xOffset) {
    FloatVector even = Lanes.zero();
    FloatVector odd = Lanes.zero();
    long at = offset;
    int i = 0;
    for (; i <= count - 2 * BLOCK; i += 2 * BLOCK, at += 2 * BYTES) {
      even = blockDot(weights, at, x, xOffset + i).fma(scale(weights, at), even);
      odd =
          blockDot(weights, at + BYTES, x, xOffset + i + BLOCK)
              .fma(scale(weights, at + BYTES), odd);
    }
    if (i < count) {
      even = blockDot(weights, at, x, xOffset + i).fma(scale(weights, at), even);
    }
    return Lanes.sum(even.add(odd));
  }

  @Override
  public void axpy(float a, MemorySegment weights, long offset, int count, float[] y, int yOffset) {
    long at = offset;
    for (int i = yOffset; i < yOffset + count; i += BLOCK, at += BYTES) {
      FloatVector factor = scale(weights, at).mul(a);
      for (int j = 0; j < HALF; j += LANES) {
        IntVector pairs = pairs(weights, at, j);
        int high = i + j + HALF;
        low(pairs).fma(factor, Lanes.load(y, i + j)).intoArray(y, i + j);
        high(pairs).fma(factor, Lanes.load(y, high)).intoArray(y, high);
      }
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
    long at = 0;
    for (int i = yOffset; i < yOffset + count; i += BLOCK, at += BYTES) {
      FloatVector factor0 = scale(weights, offset0 + at).mul(a0);
      FloatVector factor1 = scale(weights, offset1 + at).mul(a1);
      FloatVector factor2 = scale(weights, offset2 + at).mul(a2);
      FloatVector factor3 = scale(weights, offset3 + at).mul(a3);
      for (int j = 0; j < HALF; j += LANES) {
        IntVector pairs0 = pairs(weights, offset0 + at, j);
        IntVector pairs1 = pairs(weights, offset1 + at, j);
        IntVector pairs2 = pairs(weights, offset2 + at, j);
        IntVector pairs3 = pairs(weights, offset3 + at, j);
        FloatVector sum = low(pairs0).fma(factor0, Lanes.load(y, i + j));
        sum = low(pairs1).fma(factor1, sum);
        sum = low(pairs2).fma(factor2, sum);
        low(pairs3).fma(factor3, sum).intoArray(y, i + j);
        sum = high(pairs0).fma(factor0, Lanes.load(y, i + j + HALF));
        sum = high(pairs1).fma(factor1, sum);
        sum = high(pairs2).fma(factor2, sum);
        high(pairs3).fma(factor3, sum).intoArray(y, i + j + HALF);
      }
    }
  }

  @Override
  public void decode(MemorySegment weights, long offset, int count, float[] out, int outOffset) {
    long at = offset;
    for (int i = outOffset; i < outOffset + count; i += BLOCK, at += BYTES) {
      FloatVector scale = scale(weights, at);
      for (int j = 0; j < HALF; j += LANES) {
        IntVector pairs = pairs(weights, at, j);
        low(pairs).mul(scale).intoArray(out, i + j);
        high(pairs).mul(scale).intoArray(out, i + j + HALF);
      }
    }
  }

  /** The lanes of {@code sum_i (q[i] - 8) x[i]} of the block at a byte offset. */
  private static FloatVector blockDot(MemorySegment weights, long block, float[] x, int xAt) {
    IntVector pairs = pairs(weights, block, 0);
    FloatVector sum = low(pairs).mul(Lanes.load(x, xAt));
    sum = high(pairs).fma(Lanes.load(x, xAt + HALF), sum);
    for (int j = LANES; j < HALF; j += LANES) {
      pairs = pairs(weights, block, j);
      sum = low(pairs).fma(Lanes.load(x, xAt + j), sum);
      sum = high(pairs).fma(Lanes.load(x, xAt + HALF + j), sum);
    }
    return sum;
  }

  private static IntVector pairs(MemorySegment weights, long block, int j) {
    return Lanes.unsignedBytes(weights, block + QUANTS + j);
  }

  private static FloatVector low(IntVector pairs) {
    return pairs.and(15).or(INTEGER_FLOAT).reinterpretAsFloats().sub(CENTRE);
  }

  private static FloatVector high(IntVector pairs) {
    return pairs
        .lanewise(VectorOperators.LSHR, 4)
        .or(INTEGER_FLOAT)
        .reinterpretAsFloats()
        .sub(CENTRE);
  }

  private static FloatVector scale(MemorySegment weights, long block) {
    return FloatVector.broadcast(Species.FLOATS, Lanes.half(weights, block));
  }
}
