package dev.skipjack.kernels.vector;

import static dev.skipjack.kernels.vector.Species.LANES;

import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;

/** Two groups of rows of {@link Q4_0Groups} as one vector of a {@link VectorBlockPanels} panel. */
final class Q4_0Panels {
  private static final int BLOCK = 32;
  private static final int CENTRE = 8;
  private static final int COLUMN = 2 * LANES;

  private Q4_0Panels() {}

  /** Writes the weights of {@code units} blocks, the first at {@code to}. */
  static void decode(MemorySegment packed, long low, long high, int units, int[] panel, int to) {
    for (int i = 0; i < units; i++) {
      for (int j = 0; j < 4; j++) {
        long word =
            (long) i * Q4_0Groups.UNIT_BYTES + Q4_0Groups.SCALES + (long) j * Q4_0Groups.WORDS;
        IntVector a = GroupScales.ints(packed, low + word);
        IntVector b = GroupScales.ints(packed, high + word);
        int at = to + (i * BLOCK + 4 * j) * COLUMN;
        for (int k = 0; k < 4; k++) {
          // The same column of both halves of the block: nibbles 2 k and 2 k + 1.
          put(a, b, 8 * k, panel, at + k * COLUMN);
          put(a, b, 8 * k + 4, panel, at + (k + BLOCK / 2) * COLUMN);
        }
      }
    }
  }

  private static void put(IntVector a, IntVector b, int shift, int[] panel, int at) {
    IntVector low = a.lanewise(VectorOperators.LSHR, shift).and(15);
    IntVector high = b.lanewise(VectorOperators.LSHR, shift).and(15);
    low.or(high.lanewise(VectorOperators.LSHL, 16))
        .reinterpretAsShorts()
        .sub((short) CENTRE)
        .reinterpretAsInts()
        .intoArray(panel, at);
  }

  /** Writes the scales of one group, {@code stride} floats from block to block. */
  static void scales(
      MemorySegment packed, long at, int units, float factor, float[] out, int to, int stride) {
    for (int i = 0; i < units; i++) {
      FloatVector scale = GroupScales.halfs(packed, at + (long) i * Q4_0Groups.UNIT_BYTES);
      scale.mul(factor).intoArray(out, to + i * stride);
    }
  }
}
