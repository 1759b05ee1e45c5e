package dev.skipjack.loader.tensor;

import java.lang.foreign.MemorySegment;

/** A {@link BlockwiseDecoder} that encodes too. */
abstract class BlockwiseCodec extends BlockwiseDecoder {
  BlockwiseCodec(int blockLength, int blockBytes) {
    super(blockLength, blockBytes);
  }

  /** Encodes {@code source[at ... at + blockLength)} to the block at byte {@code offset}. */
  abstract void encodeBlock(float[] source, int at, MemorySegment target, long offset);

  @Override
  public final void encode(
      float[] source, int sourceOffset, int count, MemorySegment target, long offset) {
    checkRange(source, sourceOffset, count, target, offset);
    int end = sourceOffset + count;
    for (int at = sourceOffset; at < end; at += blockLength(), offset += blockBytes()) {
      encodeBlock(source, at, target, offset);
    }
  }

  @Override
  public final boolean encodes() {
    return true;
  }
}
