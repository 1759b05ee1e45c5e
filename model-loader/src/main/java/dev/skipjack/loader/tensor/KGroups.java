package dev.skipjack.loader.tensor;

/**
 * Where the sixteen 16-value groups of a K-quant keep their 2-bit fields: each half of the block
 * has 32 bytes; even groups use the first 16 and odd groups the last 16 of them, and each further
 * pair of groups the next higher two bits.
 */
final class KGroups {
  private KGroups() {}

  /** First of the group's 16 bytes. */
  static int levelByte(int group) {
    return 32 * (group >> 3) + 16 * (group & 1);
  }

  /** Position of the group's two bits in each byte. */
  static int levelShift(int group) {
    return group & 6;
  }
}
