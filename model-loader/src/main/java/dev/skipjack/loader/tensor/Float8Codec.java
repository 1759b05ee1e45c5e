package dev.skipjack.loader.tensor;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import java.lang.foreign.MemorySegment;
import java.util.function.IntToDoubleFunction;

/**
 * One byte per value, by the two 8-bit formats of Micikevicius et al., "FP8 Formats for Deep
 * Learning" (2022).
 */
final class Float8Codec implements BlockCodec {
  private final float[] values = new float[256];

  private Float8Codec(IntToDoubleFunction valueOfCode) {
    for (int code = 0; code < values.length; code++) {
      values[code] = (float) valueOfCode.applyAsDouble(code);
    }
  }

  /** Sign, 4 exponent bits of bias 7, 3 mantissa bits; no infinities, NaN is all ones. */
  static Float8Codec e4m3() {
    return new Float8Codec(
        code -> {
          int magnitude = code & 0x7f;
          double value = magnitude == 0x7f ? Double.NaN : magnitudeE4M3(magnitude);
          return code < 0x80 ? value : -value;
        });
  }

  /** The upper byte of a binary16. */
  static Float8Codec e5m2() {
    return new Float8Codec(code -> Float.float16ToFloat((short) (code << 8)));
  }

  /** The value of the seven bits below the sign, with the NaN code read as the number 480. */
  static float magnitudeE4M3(int code) {
    int exponent = code >> 3;
    int mantissa = code & 7;
    return exponent == 0
        ? Math.scalb((float) mantissa, -9)
        : Math.scalb((float) (8 + mantissa), exponent - 10);
  }

  @Override
  public int blockLength() {
    return 1;
  }

  @Override
  public int blockBytes() {
    return 1;
  }

  @Override
  public void decode(
      MemorySegment source, long offset, float[] target, int targetOffset, int count) {
    for (int i = 0; i < count; i++) {
      target[targetOffset + i] = values[source.get(JAVA_BYTE, offset + i) & 0xff];
    }
  }
}
