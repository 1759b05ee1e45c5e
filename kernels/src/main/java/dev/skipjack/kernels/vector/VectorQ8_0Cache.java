package dev.skipjack.kernels.vector;

import static dev.skipjack.kernels.vector.Species.LANES;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import dev.skipjack.kernels.support.Q8_0Cache;
import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.FloatVector;

/** Loads a vector of positions of a key, or of channels of a value, at a time. */
final class VectorQ8_0Cache extends Q8_0Cache {
  @Override
  protected void loadKeyBlock(
      MemorySegment cache, long scales, long quants, int channels, float[] out, int outOffset) {
    for (int i = 0; i < TILE; i += LANES) {
      long at = quants + i;
      int to = outOffset + i;
      loadPositions(cache, scales + (long) i * Short.BYTES, at, channels, out, to);
    }
  }

  private static void loadPositions(
      MemorySegment cache, long scales, long quants, int channels, float[] out, int outOffset) {
    for (int at = 0; at < channels * TILE; at += TILE) {
      // Loaded every time: C2 may box a vector that lives across a loop.
      FloatVector scale = Lanes.halves(cache, scales);
      Lanes.bytes(cache, quants + at).mul(scale).intoArray(out, outOffset + at);
    }
  }

  @Override
  protected void loadValueBlock(
      MemorySegment cache, float scale, long quants, int channels, float[] out, int outOffset) {
    int c = 0;
    for (; c <= channels - LANES; c += LANES) {
      Lanes.bytes(cache, quants + c).mul(scale).intoArray(out, outOffset + c);
    }
    for (; c < channels; c++) {
      out[outOffset + c] = scale * cache.get(JAVA_BYTE, quants + c);
    }
  }
}
