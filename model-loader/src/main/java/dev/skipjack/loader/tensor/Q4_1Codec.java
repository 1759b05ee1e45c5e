package dev.skipjack.loader.tensor;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import java.lang.foreign.MemorySegment;

/** Blocks of 32: {@code f16 d, m; u8 q[16]}, low nibbles first, {@code y = d q + m}. */
final class Q4_1Codec extends BlockwiseCodec {
  private static final int HALF = 16;
  private static final int MINIMUM = 2;
  private static final int LEVELS = 4;

  Q4_1Codec() {
    super(2 * HALF, 20);
  }

  @Override
  void decodeBlock(MemorySegment source, long offset, float[] target, int at) {
    float d = Half.get(source, offset);
    float m = Half.get(source, offset + MINIMUM);
    for (int j = 0; j < HALF; j++) {
      int pair = source.get(JAVA_BYTE, offset + LEVELS + j);
      target[at + j] = d * (pair & 15) + m;
      target[at + j + HALF] = d * (pair >> 4 & 15) + m;
    }
  }

  @Override
  void encodeBlock(float[] source, int at, MemorySegment target, long offset) {
    int[] levels = new int[2 * HALF];
    float minimum = UniformLevels.minimum(source, at);
    Half.set(target, offset, UniformLevels.affine(source, at, minimum, 15, levels));
    Half.set(target, offset + MINIMUM, minimum);
    Nibbles.pack(levels, 0, HALF, target, offset + LEVELS);
  }
}
