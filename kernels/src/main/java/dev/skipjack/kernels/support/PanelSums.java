package dev.skipjack.kernels.support;

import dev.skipjack.kernels.memory.ArrayAlignment;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;

/**
 * The results of some tokens for some rows while they are summed over columns, panel by panel:
 * {@code [panels x tokens x panelRows]}. What one panel adds to is contiguous, whereas rows of a
 * result lie pages apart, where each addition would wait for memory.
 */
final class PanelSums {
  /** Tokens that one decoded panel meets at most: a batch of 256 and what fills its last tile. */
  static final int TOKENS = 264;

  final float[] values;
  private final MemorySegment bytes;
  private final int panelRows;
  private int slots;

  /** Where the sums begin, with a cache line. */
  private int start;

  /**
   * @param panelRows rows of a panel
   * @param rows that there is room for with the most tokens
   */
  PanelSums(int panelRows, int rows) {
    this.values = new float[TOKENS * rows + ArrayAlignment.ROOM];
    this.bytes = MemorySegment.ofArray(values);
    this.panelRows = panelRows;
  }

  /**
   * Prepares for a number of tokens, with those that fill a tile.
   *
   * @return rows that fit, in whole panels
   */
  int begin(int tokenSlots) {
    slots = tokenSlots;
    start = ArrayAlignment.lineStart(bytes);
    return (values.length - ArrayAlignment.ROOM) / slots / panelRows * panelRows;
  }

  void clear(int rows) {
    Arrays.fill(values, start, start + (rows + panelRows - 1) / panelRows * panelRows * slots, 0);
  }

  /** Where the panel begins that holds a row, counted from the first. */
  int panel(int row) {
    return start + row * slots;
  }

  /** Copies the first rows of the first tokens to where they belong. */
  void copy(int rows, int tokens, float[] y, int yAt, int yStride) {
    for (int t = 0; t < tokens; t++) {
      for (int row = 0; row < rows; row += panelRows) {
        int from = panel(row) + t * panelRows;
        int length = Math.min(panelRows, rows - row);
        System.arraycopy(values, from, y, yAt + t * yStride + row, length);
      }
    }
  }
}
