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

  /**
   * The binary16 of least magnitude that is not below the given magnitude, saturating at the
   * largest finite one; NaN stays NaN. For the unit of integer scales this keeps the largest scale
   * in their range, and where binary16 grows coarse it leaves a usable unit instead of zero.
   */
  static float atLeast(float value) {
    short nearest = Float.floatToFloat16(Math.clamp(value, -MAX_VALUE, MAX_VALUE));
    boolean below = Math.abs(Float.float16ToFloat(nearest)) < Math.min(Math.abs(value), MAX_VALUE);
    return Float.float16ToFloat(below ? (short) (nearest + 1) : nearest);
  }
}
