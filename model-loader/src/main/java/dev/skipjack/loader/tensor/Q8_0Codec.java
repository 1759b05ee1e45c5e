package dev.skipjack.loader.tensor;

import static dev.skipjack.loader.tensor.LittleEndian.SHORT;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import java.lang.foreign.MemorySegment;

/** Blocks of 32: {@code f16 d; i8 q[32]}, {@code y = d q}. */
final class Q8_0Codec implements BlockCodec {
  private static final int LENGTH = 32;
  private static final int BYTES = 34;

  @Override
  public void decode(
      MemorySegment source, long offset, float[] target, int targetOffset, int count) {
    for (int i = 0; i < count; i += LENGTH, offset += BYTES) {
      float d = Float.float16ToFloat(source.get(SHORT, offset));
      for (int j = 0; j < LENGTH; j++) {
        target[targetOffset + i + j] = d * source.get(JAVA_BYTE, offset + 2 + j);
      }
    }
  }

  @Override
  public void encode(
      float[] source, int sourceOffset, int count, MemorySegment target, long offset) {
    for (int i = 0; i < count; i += LENGTH, offset += BYTES) {
      float largest = 0;
      for (int j = 0; j < LENGTH; j++) {
        largest = Math.max(largest, Math.abs(source[sourceOffset + i + j]));
      }
      float d = largest / 127;
      float inverse = d == 0 ? 0 : 1 / d;
      target.set(SHORT, offset, Float.floatToFloat16(d));
      for (int j = 0; j < LENGTH; j++) {
        target.set(
            JAVA_BYTE, offset + 2 + j, (byte) Math.round(source[sourceOffset + i + j] * inverse));
      }
    }
  }

  @Override
  public boolean encodes() {
    return true;
  }
}
