package dev.skipjack.kernels.vector;

import static dev.skipjack.kernels.vector.Species.LANES;

import dev.skipjack.kernels.support.SpanKernels;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;

/**
 * Spans of Q6_K: blocks of 256 {@code u8 low[128]; u8 high[64]; i8 scale[16]; f16 d}, {@code y = d
 * scale (q - 32)}. A half block is four quarters of 32 values: quarter k has its low nibbles in
 * bytes {@code 32 (k % 2)} and on, and bits 2 k and 2 k + 1 of 32 bytes of {@code high}.
 */
final class Q6_KSpans implements SpanKernels {
  private static final int BLOCK = 256;
  private static final int BYTES = 210;
  private static final int QUARTER = 32;
  private static final int QUARTERS = 8;
  private static final int HIGH = 128;
  private static final int SCALES = 192;
  private static final int D = 208;

  /** {@code 2^23}: or-ing a small integer into its mantissa adds it. */
  private static final int INTEGER_FLOAT = 0x4b000000;

  private static final float CENTRE = 0x1p23f + 32;

  @Override
  public float dot(MemorySegment weights, long offset, int count, float[] x, int xOffset) {
    FloatVector even = Lanes.zero();
    FloatVector odd = Lanes.zero();
    long at = offset;
    for (int i = xOffset; i < xOffset + count; i += BLOCK, at += BYTES) {
      float d = Lanes.half(weights, at + D);
      for (int quarter = 0; quarter < QUARTERS; quarter++) {
        int xAt = i + quarter * QUARTER;
        for (int j = 0; j < QUARTER; j += LANES) {
          FloatVector scaled =
              quants(weights, at, quarter, j).mul(d * scale(weights, at, quarter, j));
          FloatVector sum = scaled.fma(Lanes.load(x, xAt + j), even);
          even = odd;
          odd = sum;
        }
      }
    }
    return Lanes.sum(even.add(odd));
  }

  @Override
  public void axpy(float a, MemorySegment weights, long offset, int count, float[] y, int yOffset) {
    long at = offset;
    for (int i = yOffset; i < yOffset + count; i += BLOCK, at += BYTES) {
      float d = Lanes.half(weights, at + D) * a;
      for (int quarter = 0; quarter < QUARTERS; quarter++) {
        int yAt = i + quarter * QUARTER;
        for (int j = 0; j < QUARTER; j += LANES) {
          FloatVector factor = Lanes.broadcast(d * scale(weights, at, quarter, j));
          quants(weights, at, quarter, j).fma(factor, Lanes.load(y, yAt + j)).intoArray(y, yAt + j);
        }
      }
    }
  }

  @Override
  public void decode(MemorySegment weights, long offset, int count, float[] out, int outOffset) {
    long at = offset;
    for (int i = outOffset; i < outOffset + count; i += BLOCK, at += BYTES) {
      float d = Lanes.half(weights, at + D);
      for (int quarter = 0; quarter < QUARTERS; quarter++) {
        int outAt = i + quarter * QUARTER;
        for (int j = 0; j < QUARTER; j += LANES) {
          quants(weights, at, quarter, j)
              .mul(d * scale(weights, at, quarter, j))
              .intoArray(out, outAt + j);
        }
      }
    }
  }

  /** {@code q - 32} of values j and on of a quarter. */
  private static FloatVector quants(MemorySegment weights, long block, int quarter, int j) {
    int half = quarter >> 2;
    int k = quarter & 3;
    IntVector low = Lanes.unsignedBytes(weights, block + 64 * half + QUARTER * (k & 1) + j);
    IntVector high = Lanes.unsignedBytes(weights, block + HIGH + QUARTER * half + j);
    IntVector bits =
        high.lanewise(VectorOperators.LSHR, 2 * k).and(3).lanewise(VectorOperators.LSHL, 4);
    return low.lanewise(VectorOperators.LSHR, 4 * (k >> 1))
        .and(15)
        .or(bits)
        .or(INTEGER_FLOAT)
        .reinterpretAsFloats()
        .sub(CENTRE);
  }

  /** Two scales per quarter, each for 16 values. */
  private static float scale(MemorySegment weights, long block, int quarter, int j) {
    return weights.get(ValueLayout.JAVA_BYTE, block + SCALES + 2 * quarter + (j >> 4));
  }
}
