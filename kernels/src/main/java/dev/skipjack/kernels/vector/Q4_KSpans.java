package dev.skipjack.kernels.vector;

import static dev.skipjack.kernels.vector.Species.LANES;

import dev.skipjack.kernels.support.SpanKernels;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;

/**
 * Spans of Q4_K: blocks of 256 {@code f16 d, dmin; u8 scales[12]; u8 q[128]} in eight groups of 32,
 * {@code y = d scale q - dmin min}. Groups 2 c and 2 c + 1 are the low and high nibbles of bytes
 * {@code 32 c} and on; scales and minima have six bits.
 */
final class Q4_KSpans implements SpanKernels {
  private static final int BLOCK = 256;
  private static final int BYTES = 144;
  private static final int GROUP = 32;
  private static final int GROUPS = 8;
  private static final int DMIN = 2;
  private static final int SCALES = 4;
  private static final int QUANTS = 16;

  /** {@code 2^23}: or-ing a small integer into its mantissa adds it. */
  private static final int INTEGER_FLOAT = 0x4b000000;

  @Override
  public float dot(MemorySegment weights, long offset, int count, float[] x, int xOffset) {
    FloatVector even = Lanes.zero();
    FloatVector odd = Lanes.zero();
    long at = offset;
    for (int i = xOffset; i < xOffset + count; i += BLOCK, at += BYTES) {
      for (int group = 0; group < GROUPS; group++) {
        float scale = scale(weights, at, group);
        float min = min(weights, at, group);
        int xAt = i + group * GROUP;
        for (int j = 0; j < GROUP; j += LANES) {
          FloatVector value = quants(weights, at, group, j).mul(scale).sub(min);
          FloatVector sum = value.fma(Lanes.load(x, xAt + j), even);
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
      for (int group = 0; group < GROUPS; group++) {
        float scale = scale(weights, at, group);
        float min = min(weights, at, group);
        int yAt = i + group * GROUP;
        for (int j = 0; j < GROUP; j += LANES) {
          FloatVector value = quants(weights, at, group, j).mul(scale).sub(min);
          value.fma(Lanes.broadcast(a), Lanes.load(y, yAt + j)).intoArray(y, yAt + j);
        }
      }
    }
  }

  @Override
  public void decode(MemorySegment weights, long offset, int count, float[] out, int outOffset) {
    long at = offset;
    for (int i = outOffset; i < outOffset + count; i += BLOCK, at += BYTES) {
      for (int group = 0; group < GROUPS; group++) {
        float scale = scale(weights, at, group);
        float min = min(weights, at, group);
        int outAt = i + group * GROUP;
        for (int j = 0; j < GROUP; j += LANES) {
          quants(weights, at, group, j).mul(scale).sub(min).intoArray(out, outAt + j);
        }
      }
    }
  }

  private static FloatVector quants(MemorySegment weights, long block, int group, int j) {
    return Lanes.unsignedBytes(weights, block + QUANTS + GROUP * (group >> 1) + j)
        .lanewise(VectorOperators.LSHR, 4 * (group & 1))
        .and(15)
        .or(INTEGER_FLOAT)
        .reinterpretAsFloats()
        .sub(0x1p23f);
  }

  private static float scale(MemorySegment weights, long block, int group) {
    int six =
        group < 4
            ? packed(weights, block, group) & 63
            : packed(weights, block, group + 4) & 15 | packed(weights, block, group - 4) >> 6 << 4;
    return Lanes.half(weights, block) * six;
  }

  private static float min(MemorySegment weights, long block, int group) {
    int six =
        group < 4
            ? packed(weights, block, group + 4) & 63
            : packed(weights, block, group + 4) >> 4 | packed(weights, block, group) >> 6 << 4;
    return Lanes.half(weights, block + DMIN) * six;
  }

  private static int packed(MemorySegment weights, long block, int index) {
    return weights.get(ValueLayout.JAVA_BYTE, block + SCALES + index) & 255;
  }
}
