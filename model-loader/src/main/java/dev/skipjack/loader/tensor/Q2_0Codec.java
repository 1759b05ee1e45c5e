package dev.skipjack.loader.tensor;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import java.lang.foreign.MemorySegment;

/**
 * Blocks of 64: {@code f16 d; u8 q[16]}, two bits each, lowest first, {@code y = d (q - 1)}.
 * Written from the format's description; no vector of another implementation was at hand.
 */
final class Q2_0Codec extends BlockwiseDecoder {
  Q2_0Codec() {
    super(64, 18);
  }

  @Override
  void decodeBlock(MemorySegment source, long offset, float[] target, int at) {
    float d = Half.get(source, offset);
    for (int j = 0; j < 64; j++) {
      int level = source.get(JAVA_BYTE, offset + 2 + (j >> 2)) >> 2 * (j & 3) & 3;
      target[at + j] = d * (level - 1);
    }
  }
}
