package dev.skipjack.bench.synthetic;

import dev.skipjack.loader.gguf.GgufWriter;
import dev.skipjack.loader.tensor.TensorType;
import java.io.IOException;
import java.lang.foreign.MemorySegment;

/**
 * A matrix {@code [rows x cols]} of pieces from pools. Which piece stands where depends on seed,
 * row and column alone, so that two matrices can share a part.
 *
 * @param pools which pool a piece comes from
 */
record PooledMatrix(TensorType type, int rows, int cols, long seed, Pools pools)
    implements GgufWriter.TensorData {
  private static final int CHUNK_BYTES = 1 << 22;

  /** Chooses the pool of one piece; the pool has the type of the matrix. */
  @FunctionalInterface
  interface Pools {
    BlockPool at(int row, int piece);
  }

  /**
   * @throws IllegalArgumentException if a row is not a whole number of pieces
   */
  PooledMatrix {
    int length = BlockPool.pieceLength(type);
    if (cols % length != 0) {
      throw new IllegalArgumentException(
          "%s: found rows of %d values, expected a multiple of %d".formatted(type, cols, length));
    }
  }

  long[] shape() {
    return new long[] {rows, cols};
  }

  @Override
  public void writeTo(GgufWriter.Sink sink) throws IOException {
    int length = BlockPool.pieceLength(type);
    int pieces = cols / length;
    int pieceBytes = Math.toIntExact(type.byteSize(length));
    int rowBytes = pieces * pieceBytes;
    int chunkRows = Math.clamp(CHUNK_BYTES / rowBytes, 1, rows);
    byte[] chunk = new byte[chunkRows * rowBytes];
    for (int start = 0; start < rows; start += chunkRows) {
      int count = Math.min(chunkRows, rows - start);
      int at = 0;
      for (int row = start; row < start + count; row++) {
        for (int piece = 0; piece < pieces; piece++, at += pieceBytes) {
          pools.at(row, piece).copy(mix(seed ^ mix((long) row << 32 | piece)), chunk, at);
        }
      }
      sink.write(MemorySegment.ofArray(chunk).asSlice(0, at));
    }
  }

  /** Stafford's variant 13 of the MurmurHash3 finaliser, as in SplitMix64. */
  static long mix(long z) {
    z = (z ^ z >>> 30) * 0xbf58476d1ce4e5b9L;
    z = (z ^ z >>> 27) * 0x94d049bb133111ebL;
    return z ^ z >>> 31;
  }
}
