package dev.skipjack.loader.tensor;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import java.lang.foreign.MemorySegment;

/** Blocks of 32: {@code f16 d; i8 q[32]}, {@code y = d q}. */
final class Q8_0Codec extends BlockwiseCodec {
  private static final int LENGTH = 32;
  private static final int LEVELS = 2;

  Q8_0Codec() {
    super(LENGTH, 34);
  }

  @Override
  void decodeBlock(MemorySegment source, long offset, float[] target, int at) {
    float d = Half.get(source, offset);
    for (int j = 0; j < LENGTH; j++) {
      target[at + j] = d * source.get(JAVA_BYTE, offset + LEVELS + j);
    }
  }

  @Override
  void encodeBlock(float[] source, int at, MemorySegment target, long offset) {
    float largest = 0;
    for (int j = 0; j < LENGTH; j++) {
      largest = Math.max(largest, Math.abs(source[at + j]));
    }
    float d = largest / 127;
    float inverse = d == 0 ? 0 : 1 / d;
    Half.set(target, offset, d);
    for (int j = 0; j < LENGTH; j++) {
      int level = roundHalfAwayFromZero(source[at + j] * inverse);
      target.set(JAVA_BYTE, offset + LEVELS + j, (byte) Math.clamp(level, -127, 127));
    }
  }

  /** C's {@code roundf}, which the reference quantiser uses; the sum is exact in double. */
  private static int roundHalfAwayFromZero(float value) {
    return (int) (value + Math.copySign(0.5, value));
  }
}
