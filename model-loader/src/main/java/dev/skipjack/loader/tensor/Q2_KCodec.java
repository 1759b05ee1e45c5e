package dev.skipjack.loader.tensor;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import java.lang.foreign.MemorySegment;

/**
 * Blocks of 256, 16 groups of 16: {@code u8 scales[16]; u8 q[64]; f16 d, dmin}. A scale byte holds
 * the group's scale in its low and its minimum in its high nibble; {@code y = d scale q - dmin
 * min}. Four groups an eighth of the block apart share 16 bytes, two bits each.
 */
final class Q2_KCodec extends BlockwiseDecoder {
  private static final int GROUP = 16;
  private static final int LEVELS = 16;
  private static final int SCALE = 80;
  private static final int MINIMUM = 82;

  Q2_KCodec() {
    super(256, 84);
  }

  @Override
  void decodeBlock(MemorySegment source, long offset, float[] target, int at) {
    float d = Half.get(source, offset + SCALE);
    float dmin = Half.get(source, offset + MINIMUM);
    for (int group = 0; group < 16; group++, at += GROUP) {
      int packed = source.get(JAVA_BYTE, offset + group);
      float scale = d * (packed & 15);
      float offsetFromZero = -dmin * (packed >> 4 & 15);
      long levels = offset + LEVELS + KGroups.levelByte(group);
      int shift = KGroups.levelShift(group);
      for (int j = 0; j < GROUP; j += ByteLanes.COUNT) {
        long lanes = ByteLanes.field(source, levels + j, shift, 2);
        ByteLanes.decodeAffine(lanes, scale, offsetFromZero, target, at + j);
      }
    }
  }
}
