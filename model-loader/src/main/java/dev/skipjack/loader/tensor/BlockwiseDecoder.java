package dev.skipjack.loader.tensor;

import java.lang.foreign.MemorySegment;
import java.util.Objects;

/** Checks ranges once and hands over one block at a time. */
abstract class BlockwiseDecoder implements BlockCodec {
  private final int blockLength;
  private final int blockBytes;

  BlockwiseDecoder(int blockLength, int blockBytes) {
    this.blockLength = blockLength;
    this.blockBytes = blockBytes;
  }

  /** Decodes the block at byte {@code offset} to {@code target[at ... at + blockLength)}. */
  abstract void decodeBlock(MemorySegment source, long offset, float[] target, int at);

  @Override
  public final int blockLength() {
    return blockLength;
  }

  @Override
  public final int blockBytes() {
    return blockBytes;
  }

  @Override
  public final void decode(
      MemorySegment source, long offset, float[] target, int targetOffset, int count) {
    checkRange(target, targetOffset, count, source, offset);
    int end = targetOffset + count;
    for (int at = targetOffset; at < end; at += blockLength, offset += blockBytes) {
      decodeBlock(source, offset, target, at);
    }
  }

  final void checkRange(float[] values, int at, int count, MemorySegment blocks, long offset) {
    if (count % blockLength != 0) {
      throw new IllegalArgumentException(
          "%s converts blocks of %d values, not %d values"
              .formatted(getClass().getSimpleName(), blockLength, count));
    }
    Objects.checkFromIndexSize(at, count, values.length);
    Objects.checkFromIndexSize(
        offset, (long) (count / blockLength) * blockBytes, blocks.byteSize());
  }
}
