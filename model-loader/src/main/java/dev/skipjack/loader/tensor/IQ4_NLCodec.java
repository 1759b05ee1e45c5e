package dev.skipjack.loader.tensor;

import java.lang.foreign.MemorySegment;

/** Blocks of 32: {@code f16 d; u8 q[16]}, {@code y = d table[q]}, low nibbles first. */
final class IQ4_NLCodec extends BlockwiseDecoder {
  private static final int HALF = 16;

  IQ4_NLCodec() {
    super(2 * HALF, 18);
  }

  @Override
  void decodeBlock(MemorySegment source, long offset, float[] target, int at) {
    Nibbles.NON_LINEAR.decode(source, offset + 2, HALF, Half.get(source, offset), target, at);
  }
}
