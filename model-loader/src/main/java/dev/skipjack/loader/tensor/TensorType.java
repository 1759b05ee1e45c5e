package dev.skipjack.loader.tensor;

import java.util.Optional;

/**
 * The tensor types this runtime computes with, by GGUF type id. Adding one is a {@link BlockCodec}
 * and a line here; without a kernel of its own a type runs through its codec.
 *
 * <p>Block layouts: ggml's {@code ggml-common.h} and {@code docs/gguf.md}.
 */
public enum TensorType {
  F32(0, 1, 4, new Float32Codec()),
  F16(1, 1, 2, new Float16Codec()),
  Q4_0(2, 32, 18, new Q4_0Codec()),
  Q8_0(8, 32, 34, new Q8_0Codec()),
  BF16(30, 1, 2, new BFloat16Codec());

  private final int id;
  private final int blockLength;
  private final int blockBytes;
  private final BlockCodec codec;

  TensorType(int id, int blockLength, int blockBytes, BlockCodec codec) {
    this.id = id;
    this.blockLength = blockLength;
    this.blockBytes = blockBytes;
    this.codec = codec;
  }

  /** The id in a GGUF tensor table. */
  public int id() {
    return id;
  }

  /** Values per block. */
  public int blockLength() {
    return blockLength;
  }

  /** Bytes per block. */
  public int blockBytes() {
    return blockBytes;
  }

  public BlockCodec codec() {
    return codec;
  }

  /** Whether values are stored as plain floating point, without shared scales. */
  public boolean isFloat() {
    return blockLength == 1;
  }

  /**
   * Bytes of {@code count} values.
   *
   * @throws IllegalArgumentException if {@code count} is not a whole number of blocks
   * @throws ArithmeticException on overflow
   */
  public long byteSize(long count) {
    if (count % blockLength != 0) {
      throw new IllegalArgumentException(
          "%s holds blocks of %d values, not %d values".formatted(this, blockLength, count));
    }
    return Math.multiplyExact(count / blockLength, (long) blockBytes);
  }

  /** The type with this GGUF id. */
  public static Optional<TensorType> byId(int id) {
    for (TensorType type : values()) {
      if (type.id == id) {
        return Optional.of(type);
      }
    }
    return Optional.empty();
  }
}
