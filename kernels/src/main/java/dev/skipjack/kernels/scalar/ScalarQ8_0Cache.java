package dev.skipjack.kernels.scalar;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import dev.skipjack.kernels.support.Q8_0Cache;
import java.lang.foreign.MemorySegment;

/** Loads one number at a time. */
final class ScalarQ8_0Cache extends Q8_0Cache {
  @Override
  protected void loadKeyBlock(
      MemorySegment cache, long scales, long quants, int channels, float[] out, int outOffset) {
    for (int i = 0; i < TILE; i++) {
      float scale = half(cache, scales + (long) i * Short.BYTES);
      for (int at = i; at < channels * TILE; at += TILE) {
        out[outOffset + at] = scale * cache.get(JAVA_BYTE, quants + at);
      }
    }
  }

  @Override
  protected void loadValueBlock(
      MemorySegment cache, float scale, long quants, int channels, float[] out, int outOffset) {
    for (int c = 0; c < channels; c++) {
      out[outOffset + c] = scale * cache.get(JAVA_BYTE, quants + c);
    }
  }
}
