package dev.skipjack.kernels;

import java.lang.foreign.MemorySegment;

/**
 * How attention keeps keys and values in memory, in one type. The unit is a tile: {@value #TILE}
 * consecutive positions of one head. A head may have any length.
 *
 * <p>A tile of keys is {@code [length x TILE]}, so that scores of many positions are a product with
 * one position per lane, which never sums across lanes; a tile of values is {@code [TILE x
 * length]}. Both load to floats in that order, and attention computes on the floats: a tile is
 * converted once for all queries that see it, and stays in a core's caches meanwhile. Some
 * implementations can also multiply a tile as it lies in memory, which is faster for a few queries,
 * and gives what loading and multiplying does.
 *
 * <p>Implementations are stateless and thread-safe, allocate nothing, and throw {@link
 * IndexOutOfBoundsException} for ranges out of bounds.
 */
public interface CacheKernels {
  /** Positions of a tile. */
  int TILE = 128;

  /** Bytes of a tile of keys or values of heads of this length. */
  long tileBytes(int length);

  /**
   * Stores {@code key[keyOffset ... + length)} as the key of one position of the tile.
   *
   * @return whether {@link #score} can be used on the tile, if every key of it says so
   */
  boolean storeKey(
      float[] key, int keyOffset, int length, MemorySegment cache, long tileOffset, int position);

  /**
   * Stores {@code value[valueOffset ... + length)} as the value of one position of the tile.
   *
   * @return whether {@link #mix} can be used on the tile, if every value of it says so
   */
  boolean storeValue(
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

  /**
   * Most rows for which {@link #score} and {@link #mix} are faster than loading a tile of heads of
   * this length and multiplying it; 0 where they cannot be used.
   */
  default int directRows(int length) {
    return 0;
  }

  /**
   * Reads a tile of keys and a tile of values, so that {@link #score} and {@link #mix} find them in
   * the caches of the core. Whether that is faster depends on the processor.
   *
   * @return a number that depends on all that was read
   * @throws UnsupportedOperationException if there are no direct rows
   */
  default int touch(
      MemorySegment keys,
      long keyOffset,
      int keyLength,
      MemorySegment values,
      long valueOffset,
      int valueLength) {
    throw new UnsupportedOperationException();
  }

  /**
   * {@code scores [rows x TILE] = queries [rows x length] keys}, straight from a tile; scores
   * beyond the first {@code positions} are unspecified.
   *
   * @param queries numbers of less than 2^64
   * @param scratch as large as a loaded tile, and at most as many rows as {@link #directRows}
   * @throws UnsupportedOperationException if there are no direct rows
   */
  default void score(
      MemorySegment cache,
      long tileOffset,
      int length,
      int positions,
      float[] queries,
      int rows,
      float[] scores,
      float[] scratch) {
    throw new UnsupportedOperationException();
  }

  /**
   * {@code sums [rows x length] += weights [rows x TILE] values}, straight from a tile, of
   * positions {@code [from, to)} alone.
   *
   * @param weights numbers of less than 2^15
   * @param firstRow of both weights and sums
   * @param scratch as large as a loaded tile, and at most as many rows as {@link #directRows}
   * @throws UnsupportedOperationException if there are no direct rows
   */
  default void mix(
      MemorySegment cache,
      long tileOffset,
      int length,
      int from,
      int to,
      float[] weights,
      int firstRow,
      int rows,
      float[] sums,
      float[] scratch) {
    throw new UnsupportedOperationException();
  }
}
