package dev.skipjack.kernels.vector;

import static dev.skipjack.kernels.vector.Species.LANES;

import dev.skipjack.kernels.support.SpanKernels;
import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.FloatVector;

/** Spans of Q8_0: blocks of {@code f16 d; i8 q[32]}, {@code y = d q}. */
final class Q8_0Spans implements SpanKernels {
  private static final int BLOCK = 32;
  private static final int BYTES = 34;
  private static final int QUANTS = 2;

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
      for (int j = 0; j < BLOCK; j += LANES) {
        quants(weights, at, j)
            .fma(Lanes.broadcast(factor), Lanes.load(y, i + j))
            .intoArray(y, i + j);
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
      float factor0 = scale(weights, offset0 + at) * a0;
      float factor1 = scale(weights, offset1 + at) * a1;
      float factor2 = scale(weights, offset2 + at) * a2;
      float factor3 = scale(weights, offset3 + at) * a3;
      for (int j = 0; j < BLOCK; j += LANES) {
        FloatVector sum =
            quants(weights, offset0 + at, j).fma(Lanes.broadcast(factor0), Lanes.load(y, i + j));
        sum = quants(weights, offset1 + at, j).fma(Lanes.broadcast(factor1), sum);
        sum = quants(weights, offset2 + at, j).fma(Lanes.broadcast(factor2), sum);
        quants(weights, offset3 + at, j).fma(Lanes.broadcast(factor3), sum).intoArray(y, i + j);
      }
    }
  }

  @Override
  public void decode(MemorySegment weights, long offset, int count, float[] out, int outOffset) {
    long at = offset;
    for (int i = outOffset; i < outOffset + count; i += BLOCK, at += BYTES) {
      float scale = scale(weights, at);
      for (int j = 0; j < BLOCK; j += LANES) {
        quants(weights, at, j).mul(scale).intoArray(out, i + j);
      }
    }
  }

  /** The lanes of {@code sum_i q[i] x[i]} of the block at a byte offset. */
  private static FloatVector blockDot(MemorySegment weights, long block, float[] x, int xAt) {
    FloatVector sum = Lanes.zero();
    // By two vectors: a loop of more rounds is one that C2 may not unroll, boxing its sum.
    for (int j = 0; j < BLOCK; j += 2 * LANES) {
      sum = quants(weights, block, j).fma(Lanes.load(x, xAt + j), sum);
      sum = quants(weights, block, j + LANES).fma(Lanes.load(x, xAt + j + LANES), sum);
    }
    return sum;
  }

  private static FloatVector quants(MemorySegment weights, long block, int j) {
    return Lanes.bytes(weights, block + QUANTS + j);
  }

  private static float scale(MemorySegment weights, long block) {
    return Lanes.half(weights, block);
  }
}
