package dev.skipjack.loader.tensor;

import static dev.skipjack.loader.tensor.LittleEndian.INT;

import java.lang.foreign.MemorySegment;

/**
 * Blocks of 32: {@code f16 d, m; u32 fifth; u8 q[16]}, low nibbles first, bit {@code j} of {@code
 * fifth} on top of nibble {@code j}, {@code y = d q + m}.
 */
final class Q5_1Codec extends BlockwiseCodec {
  private static final int HALF = 16;
  private static final int MINIMUM = 2;
  private static final int FIFTH = 4;
  private static final int LEVELS = 8;

  Q5_1Codec() {
    super(2 * HALF, 24);
  }

  @Override
  void decodeBlock(MemorySegment source, long offset, float[] target, int at) {
    float d = Half.get(source, offset);
    float m = Half.get(source, offset + MINIMUM);
    int fifth = source.get(INT, offset + FIFTH);
    for (int j = 0; j < HALF; j += ByteLanes.COUNT) {
      long first = FifthBits.decode(source, offset + LEVELS + j, 0, fifth >>> j);
      long second = FifthBits.decode(source, offset + LEVELS + j, 4, fifth >>> HALF + j);
      ByteLanes.decodeAffine(first, d, m, target, at + j);
      ByteLanes.decodeAffine(second, d, m, target, at + HALF + j);
    }
  }

  @Override
  void encodeBlock(float[] source, int at, MemorySegment target, long offset) {
    int[] levels = new int[2 * HALF];
    float minimum = UniformLevels.minimum(source, at);
    Half.set(target, offset, UniformLevels.affine(source, at, minimum, 31, levels));
    Half.set(target, offset + MINIMUM, minimum);
    FifthBits.pack(levels, target, offset + FIFTH);
    Nibbles.pack(levels, 0, HALF, target, offset + LEVELS);
  }
}
