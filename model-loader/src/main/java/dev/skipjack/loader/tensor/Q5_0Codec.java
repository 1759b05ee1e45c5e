package dev.skipjack.loader.tensor;

import static dev.skipjack.loader.tensor.LittleEndian.INT;

import java.lang.foreign.MemorySegment;

/**
 * Blocks of 32: {@code f16 d; u32 fifth; u8 q[16]}, low nibbles first, bit {@code j} of {@code
 * fifth} on top of nibble {@code j}, {@code y = d (q - 16)}.
 */
final class Q5_0Codec extends BlockwiseCodec {
  private static final int HALF = 16;
  private static final int FIFTH = 2;
  private static final int LEVELS = 6;

  Q5_0Codec() {
    super(2 * HALF, 22);
  }

  @Override
  void decodeBlock(MemorySegment source, long offset, float[] target, int at) {
    float d = Half.get(source, offset);
    int fifth = source.get(INT, offset + FIFTH);
    for (int j = 0; j < HALF; j += ByteLanes.COUNT) {
      long first = FifthBits.decode(source, offset + LEVELS + j, 0, fifth >>> j);
      long second = FifthBits.decode(source, offset + LEVELS + j, 4, fifth >>> HALF + j);
      ByteLanes.decodeSymmetric(first, 16, d, target, at + j);
      ByteLanes.decodeSymmetric(second, 16, d, target, at + HALF + j);
    }
  }

  @Override
  void encodeBlock(float[] source, int at, MemorySegment target, long offset) {
    int[] levels = new int[2 * HALF];
    Half.set(target, offset, UniformLevels.symmetric(source, at, 16, levels));
    FifthBits.pack(levels, target, offset + FIFTH);
    Nibbles.pack(levels, 0, HALF, target, offset + LEVELS);
  }
}
