package dev.skipjack.loader.tensor;

import java.lang.foreign.MemorySegment;

/**
 * One plain number per block, for the types that files may contain but no hot loop reads. Values
 * are rounded to the nearest float.
 */
record ScalarCodec(int blockBytes, Reader reader) implements BlockCodec {
  /** Reads the number at a byte offset. */
  @FunctionalInterface
  interface Reader {
    float read(MemorySegment source, long offset);
  }

  @Override
  public int blockLength() {
    return 1;
  }

  @Override
  public void decode(
      MemorySegment source, long offset, float[] target, int targetOffset, int count) {
    for (int i = 0; i < count; i++) {
      target[targetOffset + i] = reader.read(source, offset + (long) blockBytes * i);
    }
  }
}
