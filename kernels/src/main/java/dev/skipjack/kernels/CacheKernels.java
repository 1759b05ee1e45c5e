package dev.skipjack.kernels;

import java.lang.foreign.MemorySegment;

/**
 * How attention keeps keys and values in memory, in one type. The unit is a tile: {@value #TILE}
 * consecutive positions of one head. A head may have any length.
 *
 * <p>A tile of keys is {@code [length x TILE]}, so that scores of many positions are a product with
 * one position per lane, which never sums across lanes; a tile of values is {@code [TILE x
 * length]}. Both load to floats in that order, and attention computes on the floats: a tile is
 * converted once for all queries that see it, and stays in a core's first cache meanwhile.
 *
 * <p>Implementations are stateless and thread-safe, allocate nothing, and throw {@link
 * IndexOutOfBoundsException} for ranges out of bounds.
 */
public interface CacheKernels {
  /** Positions of a tile. */
  int TILE = 64;

  /** Bytes of a tile of keys or values of heads of this length. */
  long tileBytes(int length);

  /** Stores {@code key[keyOffset ... + length)} as the key of one position of the tile. */
  void storeKey(
      float[] key, int keyOffset, int length, MemorySegment cache, long tileOffset, int position);

  /** Stores {@code value[valueOffset ... + length)} as the value of one position of the tile. */
  void storeValue(
      float[] value,
      int valueOffset,
      int length,
      MemorySegment cache,
      long tileOffset,
      int position);

  /** Loads a tile of keys to {@code out [length x TILE]}; positions never stored load as zeros. */
  void loadKeys(MemorySegment cache, long tileOffset, int length, float[] out);

  /** Loads the first values of a tile to {@code out [positions x length]}. */
  void loadValues(MemorySegment cache, long tileOffset, int length, int positions, float[] out);
}
