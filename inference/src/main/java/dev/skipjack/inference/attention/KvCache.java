package dev.skipjack.inference.attention;

import dev.skipjack.kernels.CacheKernels;
import dev.skipjack.kernels.memory.NativeMemory;
import dev.skipjack.models.spec.AttentionSpec;
import java.lang.foreign.MemorySegment;

/**
 * Keys and values of one layer for one session, in native memory. Pages of {@value #PAGE} positions
 * are added as the text grows, so a long context costs nothing before it is used. A page is {@code
 * [kvHeads x tiles]}, so that what one head reads is contiguous; a tile is {@link
 * CacheKernels#TILE} positions.
 *
 * <p>Workers may store different positions or heads at the same time; loading a position needs a
 * barrier after it was stored.
 */
public final class KvCache {
  /** Positions per page. */
  public static final int PAGE = 256;

  private static final int TILE = CacheKernels.TILE;
  private static final int TILES = PAGE / TILE;

  private final NativeMemory memory;
  private final CacheKernels kernels;
  private final int heads;
  private final int keyLength;
  private final int valueLength;
  private final long keyTileBytes;
  private final long valueTileBytes;
  private final MemorySegment[] keys;
  private final MemorySegment[] values;
  private int pages;

  /** Workers only ever clear this, and a barrier follows. */
  private boolean direct = true;

  public KvCache(NativeMemory memory, CacheKernels kernels, AttentionSpec spec, int contextLength) {
    this.memory = memory;
    this.kernels = kernels;
    this.heads = spec.kvHeadCount();
    this.keyLength = spec.keyLength();
    this.valueLength = spec.valueLength();
    this.keyTileBytes = kernels.tileBytes(keyLength);
    this.valueTileBytes = kernels.tileBytes(valueLength);
    int capacity = (contextLength + PAGE - 1) / PAGE;
    this.keys = new MemorySegment[capacity];
    this.values = new MemorySegment[capacity];
  }

  /** Makes room for positions {@code [0, end)}. Called by one worker before a barrier. */
  public void reserve(int end) {
    while (pages * PAGE < end) {
      keys[pages] = memory.allocate(heads * TILES * keyTileBytes);
      values[pages] = memory.allocate(heads * TILES * valueTileBytes);
      pages++;
    }
  }

  /**
   * Stores the keys and values of heads {@code [fromHead, toHead)} at one position.
   *
   * @param key {@code [heads x keyLength]} from {@code keyOffset}, of those heads alone
   * @param value {@code [heads x valueLength]} from {@code valueOffset}
   */
  public void store(
      int position,
      int fromHead,
      int toHead,
      float[] key,
      int keyOffset,
      float[] value,
      int valueOffset) {
    int page = position / PAGE;
    int tile = position / TILE;
    int index = position % TILE;
    for (int h = fromHead; h < toHead; h++) {
      long at = tileOf(h, tile);
      boolean keyIsDirect =
          kernels.storeKey(
              key,
              keyOffset + (h - fromHead) * keyLength,
              keyLength,
              keys[page],
              at * keyTileBytes,
              index);
      boolean valueIsDirect =
          kernels.storeValue(
              value,
              valueOffset + (h - fromHead) * valueLength,
              valueLength,
              values[page],
              at * valueTileBytes,
              index);
      if (!keyIsDirect || !valueIsDirect) {
        direct = false;
      }
    }
  }

  /**
   * The keys of a head at positions {@code [tile * TILE, (tile + 1) * TILE)}, as {@code out
   * [keyLength x TILE]}. What was not stored is unspecified.
   */
  public void loadKeys(int head, int tile, float[] out) {
    kernels.loadKeys(keys[tile / TILES], tileOf(head, tile) * keyTileBytes, keyLength, out);
  }

  /** The first values of a head and tile, as {@code out [positions x valueLength]}. */
  public void loadValues(int head, int tile, int positions, float[] out) {
    kernels.loadValues(
        values[tile / TILES], tileOf(head, tile) * valueTileBytes, valueLength, positions, out);
  }

  /** Whether {@link #score} and {@link #mix} are the way for so many rows. */
  public boolean isDirect(int rows) {
    return direct
        && rows <= Math.min(kernels.directRows(keyLength), kernels.directRows(valueLength));
  }

  /**
   * Reads the keys and values of a head and tile, so that {@link #score} and {@link #mix} find them
   * in the caches of the core.
   *
   * @return a number that depends on all that was read
   */
  public int touch(int head, int tile) {
    long at = tileOf(head, tile);
    return kernels.touch(
        keys[tile / TILES],
        at * keyTileBytes,
        keyLength,
        values[tile / TILES],
        at * valueTileBytes,
        valueLength);
  }

  /**
   * Scores of queries {@code [rows x keyLength]} at the first positions of a tile: {@code scores
   * [rows x TILE]}.
   *
   * @param scratch as large as a loaded tile
   */
  public void score(
      int head,
      int tile,
      int positions,
      float[] queries,
      int rows,
      float[] scores,
      float[] scratch) {
    kernels.score(
        keys[tile / TILES],
        tileOf(head, tile) * keyTileBytes,
        keyLength,
        positions,
        queries,
        rows,
        scores,
        scratch);
  }

  /**
   * Adds the values at tile positions {@code [from, to)}, weighed by {@code weights [rows x TILE]},
   * to {@code sums [rows x valueLength]}.
   *
   * @param firstRow of both
   * @param scratch as large as a loaded tile
   */
  public void mix(
      int head,
      int tile,
      int from,
      int to,
      float[] weights,
      int firstRow,
      int rows,
      float[] sums,
      float[] scratch) {
    kernels.mix(
        values[tile / TILES],
        tileOf(head, tile) * valueTileBytes,
        valueLength,
        from,
        to,
        weights,
        firstRow,
        rows,
        sums,
        scratch);
  }

  /** Index of a tile in its page. */
  private static long tileOf(int head, int tile) {
    return (long) head * TILES + tile % TILES;
  }
}
