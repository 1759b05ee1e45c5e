package dev.skipjack.loader.tensor;

import static dev.skipjack.loader.tensor.LittleEndian.INT;

import java.lang.foreign.MemorySegment;

/** The word of Q5_0 and Q5_1 whose bit {@code j} is bit 4 of level {@code j}. */
final class FifthBits {
  private FifthBits() {}

  /** Bit {@code j} of the word, in the place of bit 4. */
  static int of(int word, int j) {
    return (word >>> j & 1) << 4;
  }

  static void pack(int[] levels, MemorySegment target, long offset) {
    int word = 0;
    for (int j = 0; j < levels.length; j++) {
      word |= (levels[j] >> 4) << j;
    }
    target.set(INT, offset, word);
  }
}
