package dev.skipjack.loader.tensor;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import java.lang.foreign.MemorySegment;

/**
 * Blocks of 32: {@code u8 e; u8 q[16]}, {@code y = 2^(e - 128) table[q]}, low nibbles first. OCP
 * Microscaling 1.0 with the E8M0 scale halved, because the table holds doubled E2M1 values.
 */
final class MXFP4Codec extends BlockwiseDecoder {
  private static final int HALF = 16;

  MXFP4Codec() {
    super(2 * HALF, 17);
  }

  @Override
  void decodeBlock(MemorySegment source, long offset, float[] target, int at) {
    int exponent = (source.get(JAVA_BYTE, offset) & 0xff) - 128;
    float scale = Math.scalb(1f, exponent);
    Nibbles.E2M1_DOUBLED.decode(source, offset + 1, HALF, scale, target, at);
  }
}
