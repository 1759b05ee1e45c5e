package dev.skipjack.kernels.vector;

import static dev.skipjack.kernels.vector.Species.INTS;
import static dev.skipjack.kernels.vector.Species.LANES;

import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;

/** Rows of {@link Q4_0Groups} or {@link Q4_0Rows} as a {@link VectorBlockPanels} panel. */
final class Q4_0Panels {
  private static final int BLOCK = 32;
  private static final int CENTRE = 8;
  private static final int COLUMN = VectorBlockPanels.COLUMN;
  private static final int ROWS = VectorBlockPanels.ROWS;

  private Q4_0Panels() {}

  /**
   * Writes the weights of {@code units} blocks of two groups as one vector of each column, the
   * first at {@code to}.
   */
  static void decode(MemorySegment packed, long low, long high, int units, int[] panel, int to) {
    for (int i = 0; i < units; i++) {
      for (int j = 0; j < 4; j++) {
        long word = Q4_0Groups.words(i) + (long) j * Q4_0Groups.WORDS;
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

  /** Writes a whole panel from {@code to} on, of the words of rows {@code [blocks x 4 x ROWS]}. */
  static void decode(int[] words, int blocks, int[] panel, int to) {
    for (int i = 0; i < blocks; i++) {
      for (int j = 0; j < 4; j++) {
        int word = (4 * i + j) * ROWS;
        for (int v = 0; v < COLUMN; v += LANES) {
          IntVector a = IntVector.fromArray(INTS, words, word + 2 * v);
          IntVector b = IntVector.fromArray(INTS, words, word + 2 * v + LANES);
          int at = to + (i * BLOCK + 4 * j) * COLUMN + v;
          for (int k = 0; k < 4; k++) {
            put(a, b, 8 * k, panel, at + k * COLUMN);
            put(a, b, 8 * k + 4, panel, at + (k + BLOCK / 2) * COLUMN);
          }
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
      FloatVector scale = GroupScales.halfs(packed, at + Q4_0Groups.scales(i));
      scale.mul(factor).intoArray(out, to + i * stride);
    }
  }
}
