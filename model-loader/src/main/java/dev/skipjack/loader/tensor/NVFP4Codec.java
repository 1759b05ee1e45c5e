package dev.skipjack.loader.tensor;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import java.lang.foreign.MemorySegment;

/**
 * Blocks of 64, 4 groups of 16: {@code u8 d[4]; u8 q[32]}, {@code y = d/2 table[q]}. A group takes
 * 8 bytes, low nibbles first; its scale is an unsigned E4M3 number, halved because the table holds
 * doubled E2M1 values, and the NaN code means zero.
 */
final class NVFP4Codec extends BlockwiseDecoder {
  private static final int GROUPS = 4;
  private static final int GROUP_BYTES = 8;

  NVFP4Codec() {
    super(64, 36);
  }

  @Override
  void decodeBlock(MemorySegment source, long offset, float[] target, int at) {
    for (int group = 0; group < GROUPS; group++) {
      float scale = scale(source.get(JAVA_BYTE, offset + group));
      long levels = offset + GROUPS + GROUP_BYTES * group;
      int first = at + 2 * GROUP_BYTES * group;
      Nibbles.E2M1_DOUBLED.decode(source, levels, GROUP_BYTES, scale, target, first);
    }
  }

  private static float scale(byte code) {
    return code == 0x7f ? 0 : Float8Codec.magnitudeE4M3(code & 0x7f) / 2;
  }
}
