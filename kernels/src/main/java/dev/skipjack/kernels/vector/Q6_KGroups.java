package dev.skipjack.kernels.vector;

import static dev.skipjack.kernels.vector.Species.LANES;

import dev.skipjack.kernels.Activations;
import dev.skipjack.kernels.support.RowGroups;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;

/** Q6_K by groups of rows, in {@link Q6_KLayout units}. */
final class Q6_KGroups implements RowGroups {
  @Override
  public int lanes() {
    return LANES;
  }

  @Override
  public long unitBytes(int units) {
    return units * (long) Q6_KLayout.UNIT_BYTES;
  }

  @Override
  public float largestScale(MemorySegment source, long at, int units) {
    return Q6_KLayout.largestScale(source, at, units);
  }

  @Override
  public void pack(byte[] rows, int rowBytes, int units, float scaling, byte[] target) {
    Q6_KLayout.pack(rows, rowBytes, units, scaling, target);
  }

  @Override
  public void multiply(
      MemorySegment packed,
      long at,
      long groupBytes,
      int units,
      Activations x,
      int token,
      float factor,
      float[] y,
      int yAt) {
    Arrays.fill(y, yAt, yAt + ABREAST * LANES, 0);
    for (int group = 0; group < ABREAST; group += Q6_KProducts.GROUPS) {
      long first = at + group * groupBytes;
      Q6_KProducts.addTo(
          packed, first, groupBytes, units, x, token, factor, y, yAt + group * LANES);
    }
  }

  @Override
  public void decode(
      MemorySegment packed, long at, int units, float factor, float[] out, int to, int stride) {
    Q6_KLayout.decode(packed, at, units, factor, out, to, stride);
  }
}
