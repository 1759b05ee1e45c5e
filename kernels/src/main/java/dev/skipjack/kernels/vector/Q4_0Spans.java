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
    // Two sums that take turns: one would wait for the latency of every addition.
    FloatVector even = Lanes.zero();
    FloatVector odd = Lanes.zero();
    long at = offset;
    for (int i = xOffset; i < xOffset + count; i += BLOCK, at += BYTES) {
      FloatVector sum = blockDot(weights, at, x, i).fma(Lanes.broadcast(scale(weights, at)), even);
      even = odd;
      odd = sum;
    }
    return Lanes.sum(even.add(odd));
  }

  @Override
  public void axpy(float a, MemorySegment weights, long offset, int count, float[] y, int yOffset) {
    long at = offset;
    for (int i = yOffset; i < yOffset + count; i += BLOCK, at += BYTES) {
      float factor = scale(weights, at) * a;
      for (int j = 0; j < HALF; j += LANES) {
        IntVector pairs = pairs(weights, at, j);
        int high = i + j + HALF;
        low(pairs).fma(Lanes.broadcast(factor), Lanes.load(y, i + j)).intoArray(y, i + j);
        high(pairs).fma(Lanes.broadcast(factor), Lanes.load(y, high)).intoArray(y, high);
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
    // Two at a time, through one call: C2 stops inlining when a method has more vector operations.
    for (int pair = 0; pair < 2; pair++) {
      boolean first = pair == 0;
      float a = first ? a0 : a2;
      float b = first ? a1 : a3;
      long offsetA = first ? offset0 : offset2;
      long offsetB = first ? offset1 : offset3;
      axpy2(a, b, weights, offsetA, offsetB, count, y, yOffset);
    }
  }

  private static void axpy2(
      float a0,
      float a1,
      MemorySegment weights,
      long offset0,
      long offset1,
      int count,
      float[] y,
      int yOffset) {
    long at = 0;
    for (int i = yOffset; i < yOffset + count; i += BLOCK, at += BYTES) {
      float factor0 = scale(weights, offset0 + at) * a0;
      float factor1 = scale(weights, offset1 + at) * a1;
      for (int j = 0; j < HALF; j += LANES) {
        IntVector pairs0 = pairs(weights, offset0 + at, j);
        IntVector pairs1 = pairs(weights, offset1 + at, j);
        FloatVector sum = low(pairs0).fma(Lanes.broadcast(factor0), Lanes.load(y, i + j));
        low(pairs1).fma(Lanes.broadcast(factor1), sum).intoArray(y, i + j);
        sum = high(pairs0).fma(Lanes.broadcast(factor0), Lanes.load(y, i + j + HALF));
        high(pairs1).fma(Lanes.broadcast(factor1), sum).intoArray(y, i + j + HALF);
      }
    }
  }

  @Override
  public void decode(MemorySegment weights, long offset, int count, float[] out, int outOffset) {
    long at = offset;
    for (int i = outOffset; i < outOffset + count; i += BLOCK, at += BYTES) {
      float scale = scale(weights, at);
      for (int j = 0; j < HALF; j += LANES) {
        IntVector pairs = pairs(weights, at, j);
        low(pairs).mul(scale).intoArray(out, i + j);
        high(pairs).mul(scale).intoArray(out, i + j + HALF);
      }
    }
  }

  /** The lanes of {@code sum_i (q[i] - 8) x[i]} of the block at a byte offset. */
  private static FloatVector blockDot(MemorySegment weights, long block, float[] x, int xAt) {
    FloatVector sum = Lanes.zero();
    for (int j = 0; j < HALF; j += LANES) {
      IntVector pairs = pairs(weights, block, j);
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

  private static float scale(MemorySegment weights, long block) {
    return Lanes.half(weights, block);
  }
}
