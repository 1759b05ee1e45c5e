package dev.skipjack.loader.tensor;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import java.lang.foreign.MemorySegment;

/**
 * Blocks of 256 ternary values: {@code u8 q[48]; u8 rest[4]; f16 d}, {@code y = d (trit - 1)}. A
 * byte of {@code q} holds five trits and one of {@code rest} four, as a fraction of 256 in base
 * three: multiplying by three moves the next trit above the byte. Runs of 32, 16 and 4 bytes are
 * each read trit by trit, first trits of all bytes first.
 */
final class TQ1_0Codec extends BlockwiseDecoder {
  private static final int SCALE = 52;

  TQ1_0Codec() {
    super(256, 54);
  }

  @Override
  void decodeBlock(MemorySegment source, long offset, float[] target, int at) {
    float d = Half.get(source, offset + SCALE);
    decodeRun(source, offset, 32, 5, d, target, at);
    decodeRun(source, offset + 32, 16, 5, d, target, at + 160);
    decodeRun(source, offset + 48, 4, 4, d, target, at + 240);
  }

  private static void decodeRun(
      MemorySegment source, long offset, int bytes, int trits, float d, float[] target, int at) {
    int power = 1;
    for (int n = 0; n < trits; n++, power *= 3, at += bytes) {
      for (int j = 0; j < bytes; j++) {
        int fraction = source.get(JAVA_BYTE, offset + j) * power & 0xff;
        target[at + j] = d * ((fraction * 3 >> 8) - 1);
      }
    }
  }
}
