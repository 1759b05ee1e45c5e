package dev.skipjack.loader.tensor;

import static dev.skipjack.loader.tensor.LittleEndian.SHORT;

import java.lang.foreign.MemorySegment;

/** The binary16 scales inside blocks. */
final class Half {
  private static final float MAX_VALUE = 65504;

  private Half() {}

  static float get(MemorySegment source, long offset) {
    return Float.float16ToFloat(source.get(SHORT, offset));
  }

  static void set(MemorySegment target, long offset, float value) {
    target.set(SHORT, offset, Float.floatToFloat16(value));
  }

  /** The nearest finite binary16: a scale that is too large saturates; NaN stays NaN. */
  static float nearestFinite(float value) {
    float clamped = Math.clamp(value, -MAX_VALUE, MAX_VALUE);
    return Float.float16ToFloat(Float.floatToFloat16(clamped));
  }
}
