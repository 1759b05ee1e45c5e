package dev.skipjack.loader.tensor;

import static dev.skipjack.loader.tensor.LittleEndian.SHORT;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import java.lang.foreign.MemorySegment;

/** Blocks of 32: {@code f16 d; u8 q[16]}, low nibbles first, {@code y = d (q - 8)}. */
final class Q4_0Codec implements BlockCodec {
  private static final int HALF = 16;
  private static final int BYTES = 18;

  @Override
  public void decode(
      MemorySegment source, long offset, float[] target, int targetOffset, int count) {
    for (int i = targetOffset; i < targetOffset + count; i += 2 * HALF, offset += BYTES) {
      float d = Float.float16ToFloat(source.get(SHORT, offset));
      for (int j = 0; j < HALF; j++) {
        int pair = source.get(JAVA_BYTE, offset + 2 + j);
        target[i + j] = d * ((pair & 15) - 8);
        target[i + j + HALF] = d * ((pair >> 4 & 15) - 8);
      }
    }
  }

  @Override
  public void encode(
      float[] source, int sourceOffset, int count, MemorySegment target, long offset) {
    for (int i = sourceOffset; i < sourceOffset + count; i += 2 * HALF, offset += BYTES) {
      // The signed value of largest magnitude lands on -8, the end of the range with one more step.
      float extreme = 0;
      for (int j = 0; j < 2 * HALF; j++) {
        if (Math.abs(source[i + j]) > Math.abs(extreme)) {
          extreme = source[i + j];
        }
      }
      float d = extreme / -8;
      float inverse = d == 0 ? 0 : 1 / d;
      target.set(SHORT, offset, Float.floatToFloat16(d));
      for (int j = 0; j < HALF; j++) {
        int low = quantise(source[i + j] * inverse);
        int high = quantise(source[i + j + HALF] * inverse);
        target.set(JAVA_BYTE, offset + 2 + j, (byte) (low | high << 4));
      }
    }
  }

  @Override
  public boolean encodes() {
    return true;
  }

  private static int quantise(float steps) {
    return Math.min(15, (int) (steps + 8.5f));
  }
}
