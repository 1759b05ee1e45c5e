package dev.skipjack.loader.tensor;

import static dev.skipjack.loader.tensor.LittleEndian.SHORT;

import java.lang.foreign.MemorySegment;

/** The upper half of a binary32; encoding rounds to nearest even and keeps NaN a NaN. */
final class BFloat16Codec implements BlockCodec {
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
      target[targetOffset + i] = Float.intBitsToFloat(source.get(SHORT, offset + 2L * i) << 16);
    }
  }

  @Override
  public void encode(
      float[] source, int sourceOffset, int count, MemorySegment target, long offset) {
    for (int i = 0; i < count; i++) {
      target.set(SHORT, offset + 2L * i, round(source[sourceOffset + i]));
    }
  }

  @Override
  public boolean encodes() {
    return true;
  }

  private static short round(float value) {
    int bits = Float.floatToRawIntBits(value);
    if (Float.isNaN(value)) {
      return (short) (bits >>> 16 | 0x40);
    }
    int tieToEven = 0x7fff + (bits >>> 16 & 1);
    return (short) (bits + tieToEven >>> 16);
  }
}
