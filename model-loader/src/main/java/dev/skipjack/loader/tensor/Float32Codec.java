package dev.skipjack.loader.tensor;

import static dev.skipjack.loader.tensor.LittleEndian.FLOAT;

import java.lang.foreign.MemorySegment;

/** IEEE 754 binary32. */
final class Float32Codec implements BlockCodec {
  @Override
  public int blockLength() {
    return 1;
  }

  @Override
  public int blockBytes() {
    return 4;
  }

  @Override
  public void decode(
      MemorySegment source, long offset, float[] target, int targetOffset, int count) {
    MemorySegment.copy(source, FLOAT, offset, target, targetOffset, count);
  }

  @Override
  public void encode(
      float[] source, int sourceOffset, int count, MemorySegment target, long offset) {
    MemorySegment.copy(source, sourceOffset, target, FLOAT, offset, count);
  }

  @Override
  public boolean encodes() {
    return true;
  }
}
