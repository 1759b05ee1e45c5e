package dev.skipjack.loader.tensor;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import java.lang.foreign.MemorySegment;

/**
 * The 12 bytes of Q4_K and Q5_K with eight 6-bit scales and eight 6-bit minima. Bytes 0 to 3 hold
 * scales 0 to 3 and bytes 4 to 7 minima 0 to 3 in their low six bits; bytes 8 to 11 hold the low
 * nibbles of scales (low) and minima (high) 4 to 7, whose upper two bits fill bytes 0 to 7.
 */
final class KScales {
  static final int BYTES = 12;

  private KScales() {}

  static int scale(MemorySegment source, long offset, int group) {
    return group < 4
        ? source.get(JAVA_BYTE, offset + group) & 63
        : source.get(JAVA_BYTE, offset + group + 4) & 15
            | (source.get(JAVA_BYTE, offset + group - 4) >> 6 & 3) << 4;
  }

  static int minimum(MemorySegment source, long offset, int group) {
    return group < 4
        ? source.get(JAVA_BYTE, offset + group + 4) & 63
        : source.get(JAVA_BYTE, offset + group + 4) >> 4 & 15
            | (source.get(JAVA_BYTE, offset + group) >> 6 & 3) << 4;
  }

  /** Packs {@code scales[8]} and {@code minima[8]}, each value 0 to 63. */
  static void pack(int[] scales, int[] minima, MemorySegment target, long offset) {
    for (int j = 0; j < 4; j++) {
      int upperScale = scales[j + 4] >> 4 << 6;
      int upperMinimum = minima[j + 4] >> 4 << 6;
      int lowNibbles = scales[j + 4] & 15 | minima[j + 4] << 4;
      target.set(JAVA_BYTE, offset + j, (byte) (scales[j] | upperScale));
      target.set(JAVA_BYTE, offset + j + 4, (byte) (minima[j] | upperMinimum));
      target.set(JAVA_BYTE, offset + j + 8, (byte) lowNibbles);
    }
  }
}
