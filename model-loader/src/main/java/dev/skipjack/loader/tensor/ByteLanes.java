package dev.skipjack.loader.tensor;

import static dev.skipjack.loader.tensor.LittleEndian.LONG;

import java.lang.foreign.MemorySegment;

/**
 * Eight levels at a time, one in each byte of a long, lowest byte first. Bit fields of all eight
 * are cut out and joined in one operation, which keeps formats that split a level over several
 * bytes from paying for each byte twice.
 */
final class ByteLanes {
  static final int COUNT = 8;

  private static final long ONES = 0x0101010101010101L;

  private ByteLanes() {}

  /** Of each of eight bytes the {@code width} bits from {@code shift} on, moved to bit 0. */
  static long field(MemorySegment source, long offset, int shift, int width) {
    return source.get(LONG, offset) >>> shift & ONES * ((1 << width) - 1);
  }

  /** Bit {@code j} of {@code word} as bit {@code place} of lane {@code j}. */
  static long spread(int word, int place) {
    return Long.expand(word, ONES << place);
  }

  /** {@code target[at + j] = scale * (level - bias)}. */
  static void decodeSymmetric(long levels, int bias, float scale, float[] target, int at) {
    for (int j = 0; j < COUNT; j++) {
      target[at + j] = scale * ((int) (levels >>> 8 * j & 0xff) - bias);
    }
  }

  /** {@code target[at + j] = scale * level + offset}. */
  static void decodeAffine(long levels, float scale, float offset, float[] target, int at) {
    for (int j = 0; j < COUNT; j++) {
      target[at + j] = scale * (int) (levels >>> 8 * j & 0xff) + offset;
    }
  }
}
