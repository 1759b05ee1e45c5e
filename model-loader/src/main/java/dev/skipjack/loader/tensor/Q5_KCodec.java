package dev.skipjack.loader.tensor;

import java.lang.foreign.MemorySegment;

/**
 * Blocks of 256, 8 groups of 32: {@code f16 d, dmin; u8 scales[12]; u8 fifth[32]; u8 q[128]}. As
 * Q4_K, with bit {@code g} of {@code fifth} on top of the nibbles of group {@code g}; scales and
 * minima as in {@link KScales}; {@code y = d scale q - dmin min}.
 */
final class Q5_KCodec extends BlockwiseDecoder {
  private static final int GROUP = 32;
  private static final int MINIMUM = 2;
  private static final int SCALES = 4;
  private static final int FIFTH = SCALES + KScales.BYTES;
  private static final int LEVELS = FIFTH + GROUP;

  Q5_KCodec() {
    super(256, 176);
  }

  @Override
  void decodeBlock(MemorySegment source, long offset, float[] target, int at) {
    float d = Half.get(source, offset);
    float dmin = Half.get(source, offset + MINIMUM);
    for (int group = 0; group < 8; group++, at += GROUP) {
      float scale = d * KScales.scale(source, offset + SCALES, group);
      float offsetFromZero = -dmin * KScales.minimum(source, offset + SCALES, group);
      long levels = offset + LEVELS + GROUP * (group >> 1);
      int shift = 4 * (group & 1);
      for (int j = 0; j < GROUP; j += ByteLanes.COUNT) {
        long low = ByteLanes.field(source, levels + j, shift, 4);
        long fifth = ByteLanes.field(source, offset + FIFTH + j, group, 1);
        ByteLanes.decodeAffine(low | fifth << 4, scale, offsetFromZero, target, at + j);
      }
    }
  }
}
