package dev.skipjack.loader.tensor;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import java.lang.foreign.MemorySegment;

/**
 * Blocks of 256 ternary values: {@code u8 q[64]; f16 d}, two bits each, {@code y = d (q - 1)}. Each
 * 32 bytes hold 128 values: the lowest two bits of all bytes first.
 */
final class TQ2_0Codec extends BlockwiseDecoder {
  private static final int RUN = 32;
  private static final int SCALE = 64;

  TQ2_0Codec() {
    super(256, 66);
  }

  @Override
  void decodeBlock(MemorySegment source, long offset, float[] target, int at) {
    float d = Half.get(source, offset + SCALE);
    for (int run = 0; run < 8; run++, at += RUN) {
      long levels = offset + RUN * (run >> 2);
      int shift = 2 * (run & 3);
      for (int j = 0; j < RUN; j++) {
        target[at + j] = d * ((source.get(JAVA_BYTE, levels + j) >> shift & 3) - 1);
      }
    }
  }
}
