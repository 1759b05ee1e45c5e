package dev.skipjack.loader.tensor;

import static dev.skipjack.loader.tensor.LittleEndian.INT;

import java.lang.foreign.MemorySegment;

/** The word of Q5_0 and Q5_1 whose bit {@code j} is bit 4 of level {@code j}. */
final class FifthBits {
  private FifthBits() {}

  /** Eight levels: nibbles from {@code shift} of eight bytes under the word's lowest eight bits. */
  static long decode(MemorySegment source, long offset, int shift, int word) {
    return ByteLanes.field(source, offset, shift, 4) | ByteLanes.spread(word, 4);
  }

  static void pack(int[] levels, MemorySegment target, long offset) {
    int word = 0;
    for (int j = 0; j < levels.length; j++) {
      word |= (levels[j] >> 4) << j;
    }
    target.set(INT, offset, word);
  }
}
