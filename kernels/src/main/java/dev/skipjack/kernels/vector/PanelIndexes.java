package dev.skipjack.kernels.vector;

/**
 * What C2 is told about the indexes of register tiles. Masked to bits that they do not exceed, sums
 * of them cannot overflow, so that it computes one address for many vectors.
 */
final class PanelIndexes {
  /** No array is longer than this. */
  static final int INDEX = 0x1fffffff;

  /** No loop over columns or blocks is longer than this. */
  static final int COUNT = 0xffff;

  /** A column that never comes, and so do the next. */
  static final int NEVER = 1 << 15;

  private PanelIndexes() {}
}
