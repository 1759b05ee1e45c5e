package dev.skipjack.inference.attention;

import dev.skipjack.kernels.CacheKernels;
import dev.skipjack.models.spec.AttentionSpec;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/**
 * Keys and values of one layer for one session, in native memory. Pages of {@value #PAGE} positions
 * are added as the text grows, so a long context costs nothing before it is used. A key row is
 * {@code [kvHeads * keyLength]}, a value row {@code [kvHeads * valueLength]}.
 */
public final class KvCache {
  /** Positions per page. */
  public static final int PAGE = 256;

  private final Arena arena;
  private final CacheKernels kernels;
  private final long keyRowBytes;
  private final long valueRowBytes;
  private final int keyRow;
  private final int valueRow;
  private final MemorySegment[] keys;
  private final MemorySegment[] values;
  private int pages;

  public KvCache(Arena arena, CacheKernels kernels, AttentionSpec spec, int contextLength) {
    this.arena = arena;
    this.kernels = kernels;
    this.keyRow = spec.kvHeadCount() * spec.keyLength();
    this.valueRow = spec.kvHeadCount() * spec.valueLength();
    this.keyRowBytes = kernels.byteSize(keyRow);
    this.valueRowBytes = kernels.byteSize(valueRow);
    int capacity = (contextLength + PAGE - 1) / PAGE;
    this.keys = new MemorySegment[capacity];
    this.values = new MemorySegment[capacity];
  }

  /** Makes room for positions {@code [0, end)}. Called by one worker before a barrier. */
  public void reserve(int end) {
    while (pages * PAGE < end) {
      keys[pages] = arena.allocate(PAGE * keyRowBytes, 64);
      values[pages] = arena.allocate(PAGE * valueRowBytes, 64);
      pages++;
    }
  }

  /** Stores the key and value rows of one position. */
  public void store(int position, float[] key, int keyOffset, float[] value, int valueOffset) {
    int page = position / PAGE;
    long row = position % PAGE;
    kernels.store(key, keyOffset, keys[page], row * keyRowBytes, keyRow);
    kernels.store(value, valueOffset, values[page], row * valueRowBytes, valueRow);
  }

  /**
   * {@code scores[i] = scale * query . key(from + i)} of one head, positions {@code [from, to)}.
   */
  public void scores(
      float[] query,
      int queryOffset,
      float scale,
      int head,
      int length,
      int from,
      int to,
      float[] scores) {
    long headOffset = kernels.byteSize(head * length);
    for (int start = from; start < to; ) {
      int page = start / PAGE;
      int end = Math.min(to, (page + 1) * PAGE);
      kernels.scores(
          query,
          queryOffset,
          scale,
          keys[page],
          keyRowBytes,
          headOffset,
          length,
          start - page * PAGE,
          end - page * PAGE,
          scores,
          start - from);
      start = end;
    }
  }

  /** {@code out += sum_i weights[i] value(from + i)} of one head, positions {@code [from, to)}. */
  public void mix(
      float[] weights, int head, int length, int from, int to, float[] out, int outOffset) {
    long headOffset = kernels.byteSize(head * length);
    for (int start = from; start < to; ) {
      int page = start / PAGE;
      int end = Math.min(to, (page + 1) * PAGE);
      kernels.mix(
          weights,
          start - from,
          values[page],
          valueRowBytes,
          headOffset,
          length,
          start - page * PAGE,
          end - page * PAGE,
          out,
          outOffset);
      start = end;
    }
  }
}
