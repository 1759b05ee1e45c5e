package dev.skipjack.loader.tensor;

import java.lang.foreign.MemorySegment;

/**
 * The reference conversion between one tensor type's byte blocks and float values. Scalar, exact
 * and slow: every fast kernel is tested against it. Implementations are stateless.
 */
public interface BlockCodec {
  /**
   * Decodes {@code count} values, a multiple of the block length, starting at byte {@code offset}.
   *
   * @throws IndexOutOfBoundsException if the source or the target is too short
   */
  void decode(MemorySegment source, long offset, float[] target, int targetOffset, int count);

  /**
   * Encodes {@code count} values, a multiple of the block length, starting at byte {@code offset}.
   *
   * @throws UnsupportedOperationException if {@link #encodes()} is false
   */
  default void encode(
      float[] source, int sourceOffset, int count, MemorySegment target, long offset) {
    throw new UnsupportedOperationException(getClass().getSimpleName() + " decodes only");
  }

  /** Whether {@link #encode} is available. */
  default boolean encodes() {
    return false;
  }
}
