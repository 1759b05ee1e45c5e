package dev.skipjack.bench.synthetic;

import dev.skipjack.loader.tensor.TensorType;
import java.lang.foreign.MemorySegment;
import java.util.SplittableRandom;

/**
 * A few hundred random pieces of one tensor type, encoded once by the reference quantiser. Tensors
 * of any size are made of copies in random order: gigabytes of valid blocks with the right
 * distribution of values, at the speed of copying. Immutable and thread-safe.
 */
final class BlockPool {
  /** A power of two: enough that two rows of a matrix share almost nothing. */
  private static final int COUNT = 1024;

  private final int pieceBytes;
  private final byte[] pieces;

  /** Draws the values of one piece. */
  @FunctionalInterface
  interface Values {
    void draw(SplittableRandom random, float[] piece);
  }

  /**
   * @throws IllegalArgumentException if there is no quantiser for the type
   */
  BlockPool(TensorType type, long seed, Values values) {
    if (!type.codec().encodes()) {
      throw new IllegalArgumentException(
          "tensor type: found %s, expected one that can be written".formatted(type));
    }
    int length = pieceLength(type);
    SplittableRandom random = new SplittableRandom(seed);
    float[] drawn = new float[length];
    this.pieceBytes = Math.toIntExact(type.byteSize(length));
    this.pieces = new byte[COUNT * pieceBytes];
    MemorySegment target = MemorySegment.ofArray(pieces);
    for (int i = 0; i < COUNT; i++) {
      values.draw(random, drawn);
      type.codec().encode(drawn, 0, length, target, (long) i * pieceBytes);
    }
  }

  /** Values per piece: a block, or 32 values of a type without blocks. */
  static int pieceLength(TensorType type) {
    return Math.max(32, type.blockLength());
  }

  /** Copies the piece that a random number names. */
  void copy(long random, byte[] target, int at) {
    System.arraycopy(pieces, (int) (random & COUNT - 1) * pieceBytes, target, at, pieceBytes);
  }
}
