package dev.skipjack.loader.tensor;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import java.lang.foreign.MemorySegment;

/**
 * Blocks of 256, 16 groups of 16: {@code u8 high[32]; u8 q[64]; u8 scales[12]; f16 d}. Two bits per
 * value as in Q2_K and a third in {@code high}, whose bit {@code k} belongs to the {@code k}-th 32
 * values; {@code y = d (scale - 32) (q - 4)}.
 */
final class Q3_KCodec extends BlockwiseDecoder {
  private static final int GROUP = 16;
  private static final int LEVELS = 32;
  private static final int SCALES = 96;
  private static final int SCALE = 108;

  Q3_KCodec() {
    super(256, 110);
  }

  @Override
  void decodeBlock(MemorySegment source, long offset, float[] target, int at) {
    float d = Half.get(source, offset + SCALE);
    for (int group = 0; group < 16; group++, at += GROUP) {
      float scale = d * (groupScale(source, offset + SCALES, group) - 32);
      long levels = offset + LEVELS + KGroups.levelByte(group);
      int shift = KGroups.levelShift(group);
      long high = offset + GROUP * (group & 1);
      int highShift = group >> 1;
      for (int j = 0; j < GROUP; j += ByteLanes.COUNT) {
        long low = ByteLanes.field(source, levels + j, shift, 2);
        long third = ByteLanes.field(source, high + j, highShift, 1);
        ByteLanes.decodeSymmetric(low | third << 2, 4, scale, target, at + j);
      }
    }
  }

  /** Six bits: four from a nibble of bytes 0 to 7, two more from a quarter of bytes 8 to 11. */
  private static int groupScale(MemorySegment source, long scales, int group) {
    int low = source.get(JAVA_BYTE, scales + (group & 7)) >> (group & 8) / 2 & 15;
    int high = source.get(JAVA_BYTE, scales + 8 + (group & 3)) >> 2 * (group >> 2) & 3;
    return low | high << 4;
  }
}
