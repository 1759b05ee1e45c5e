package dev.skipjack.loader.tensor;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import java.lang.foreign.MemorySegment;

/** Blocks of 32: {@code f16 d; u8 q[16]}, low nibbles first, {@code y = d (q - 8)}. */
final class Q4_0Codec extends BlockwiseCodec {
  private static final int HALF = 16;
  private static final int LEVELS = 2;

  Q4_0Codec() {
    super(2 * HALF, 18);
  }

  @Override
  void decodeBlock(MemorySegment source, long offset, float[] target, int at) {
    float d = Half.get(source, offset);
    for (int j = 0; j < HALF; j++) {
      int pair = source.get(JAVA_BYTE, offset + LEVELS + j);
      target[at + j] = d * ((pair & 15) - 8);
      target[at + j + HALF] = d * ((pair >> 4 & 15) - 8);
    }
  }

  @Override
  void encodeBlock(float[] source, int at, MemorySegment target, long offset) {
    int[] levels = new int[2 * HALF];
    Half.set(target, offset, UniformLevels.symmetric(source, at, 8, levels));
    Nibbles.pack(levels, 0, HALF, target, offset + LEVELS);
  }
}
