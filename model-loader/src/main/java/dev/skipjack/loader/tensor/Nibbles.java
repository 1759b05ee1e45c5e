package dev.skipjack.loader.tensor;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import java.lang.foreign.MemorySegment;

/**
 * Runs of bytes that hold two 4-bit codes each: the low nibbles are the first half of the values,
 * the high nibbles the second. The tables map a code to a value.
 */
final class Nibbles {
  /** IQ4_NL and IQ4_XS: levels spaced for normally distributed weights. */
  static final Nibbles NON_LINEAR =
      new Nibbles(-127, -104, -83, -65, -49, -35, -22, -10, 1, 13, 25, 38, 53, 69, 89, 113);

  /** MXFP4 and NVFP4: twice the values of OCP E2M1, with no negative zero. */
  static final Nibbles E2M1_DOUBLED =
      new Nibbles(0, 1, 2, 3, 4, 6, 8, 12, 0, -1, -2, -3, -4, -6, -8, -12);

  private final float[] values;

  private Nibbles(float... values) {
    this.values = values;
  }

  /** {@code target[at + j] = scale * value}, for the {@code 2 * bytes} codes at {@code offset}. */
  void decode(MemorySegment source, long offset, int bytes, float scale, float[] target, int at) {
    for (int j = 0; j < bytes; j++) {
      int pair = source.get(JAVA_BYTE, offset + j);
      target[at + j] = scale * values[pair & 15];
      target[at + bytes + j] = scale * values[pair >> 4 & 15];
    }
  }

  /** Writes the low four bits of {@code levels[from ... from + 2 * bytes)}. */
  static void pack(int[] levels, int from, int bytes, MemorySegment target, long offset) {
    for (int j = 0; j < bytes; j++) {
      int pair = levels[from + j] & 15 | levels[from + bytes + j] << 4;
      target.set(JAVA_BYTE, offset + j, (byte) pair);
    }
  }
}
