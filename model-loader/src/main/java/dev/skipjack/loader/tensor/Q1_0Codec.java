package dev.skipjack.loader.tensor;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import java.lang.foreign.MemorySegment;

/**
 * Blocks of 128 signs: {@code f16 d; u8 bits[16]}, lowest bit first, {@code y = bit ? d : -d}.
 * Written from the format's description; no vector of another implementation was at hand.
 */
final class Q1_0Codec extends BlockwiseDecoder {
  Q1_0Codec() {
    super(128, 18);
  }

  @Override
  void decodeBlock(MemorySegment source, long offset, float[] target, int at) {
    float d = Half.get(source, offset);
    for (int j = 0; j < 128; j++) {
      int bit = source.get(JAVA_BYTE, offset + 2 + (j >> 3)) >> (j & 7) & 1;
      target[at + j] = bit == 0 ? -d : d;
    }
  }
}
