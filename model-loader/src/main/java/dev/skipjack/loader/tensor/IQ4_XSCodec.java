package dev.skipjack.loader.tensor;

import static dev.skipjack.loader.tensor.LittleEndian.SHORT;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import java.lang.foreign.MemorySegment;

/**
 * Blocks of 256, 8 groups of 32: {@code f16 d; u16 high; u8 low[4]; u8 q[128]}. A 6-bit group scale
 * is a nibble of {@code low} under two bits of {@code high}; {@code y = d (scale - 32) table[q]}.
 */
final class IQ4_XSCodec extends BlockwiseDecoder {
  private static final int GROUP = 32;
  private static final int HIGH = 2;
  private static final int LOW = 4;
  private static final int LEVELS = 8;

  IQ4_XSCodec() {
    super(256, 136);
  }

  @Override
  void decodeBlock(MemorySegment source, long offset, float[] target, int at) {
    float d = Half.get(source, offset);
    int highBits = source.get(SHORT, offset + HIGH);
    long levels = offset + LEVELS;
    for (int group = 0; group < 8; group++, at += GROUP, levels += GROUP / 2) {
      int low = source.get(JAVA_BYTE, offset + LOW + group / 2) >> 4 * (group & 1) & 15;
      int high = highBits >> 2 * group & 3;
      float scale = d * ((low | high << 4) - 32);
      Nibbles.NON_LINEAR.decode(source, levels, GROUP / 2, scale, target, at);
    }
  }
}
