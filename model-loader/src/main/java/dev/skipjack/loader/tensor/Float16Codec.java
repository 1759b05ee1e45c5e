package dev.skipjack.loader.tensor;

import static dev.skipjack.loader.tensor.LittleEndian.SHORT;

import java.lang.foreign.MemorySegment;

/** IEEE 754 binary16; encoding rounds to nearest even. */
final class Float16Codec implements BlockCodec {
  @Override
  public int blockLength() {
    return 1;
  }

  @Override
  public int blockBytes() {
    return 2;
  }

  @Override
  public void decode(
      MemorySegment source, long offset, float[] target, int targetOffset, int count) {
    for (int i = 0; i < count; i++) {
      target[targetOffset + i] = Float.float16ToFloat(source.get(SHORT, offset + 2L * i));
    }
  }

  @Override
  public void encode(
      float[] source, int sourceOffset, int count, MemorySegment target, long offset) {
    for (int i = 0; i < count; i++) {
      target.set(SHORT, offset + 2L * i, Float.floatToFloat16(source[sourceOffset + i]));
    }
  }

  @Override
  public boolean encodes() {
    return true;
  }
}
