package dev.skipjack.loader.tensor;

import java.lang.foreign.MemorySegment;

/**
 * The reference conversion between one tensor type's byte blocks and float values. Scalar and
 * exact: every fast kernel is tested against it, and a type without one runs through it.
 * Implementations are stateless and safe to share between threads; decoding allocates nothing.
 */
public interface BlockCodec {
  /** Values per block. */
  int blockLength();

  /** Bytes per block. */
  int blockBytes();

  /**
   * Decodes {@code count} values, a multiple of the block length, starting at byte {@code offset}.
   *
   * @throws IndexOutOfBoundsException if the source or the target is too short
   * @throws IllegalArgumentException if {@code count} is not a whole number of blocks
   */
  void decode(MemorySegment source, long offset, float[] target, int targetOffset, int count);

  /**
   * Encodes {@code count} values, a multiple of the block length, starting at byte {@code offset}.
   * A block that holds an infinity or NaN has no meaningful image in a type with shared scales;
   * encoding it does not throw, and it decodes to unspecified values.
   *
   * @throws IndexOutOfBoundsException if the source or the target is too short
   * @throws IllegalArgumentException if {@code count} is not a whole number of blocks
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
