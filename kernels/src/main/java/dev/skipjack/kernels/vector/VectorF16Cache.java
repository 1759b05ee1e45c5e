package dev.skipjack.kernels.vector;

import static dev.skipjack.kernels.vector.Species.LANES;
import static java.util.Objects.checkFromIndexSize;
import static java.util.Objects.checkFromToIndex;
import static java.util.Objects.checkIndex;

import dev.skipjack.kernels.CacheKernels;
import dev.skipjack.loader.tensor.LittleEndian;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;

/**
 * A cache of IEEE 754 binary16 that a few queries read without converting it to memory first. A
 * tile is cut into panels of two vectors of columns, one after the other, so that the products of a
 * panel read memory in its order, and processors prefetch while they multiply:
 *
 * <pre>
 * keys:   [TILE / PANEL x length x PANEL], a column is a position
 * values: [length / PANEL x TILE x PANEL], a column is a channel; a last panel may be narrower
 * </pre>
 */
final class VectorF16Cache implements CacheKernels {
  /** Columns of a panel. */
  static final int PANEL = 2 * LANES;

  /** Rows that multiply panels as they are; more are worth a conversion that all share. */
  private static final int DIRECT_ROWS = 8;

  private static final int HALF_BYTES = Short.BYTES;
  private static final int EXPONENT = 0x7c00;

  /** Queries may be large, so half of what halves lack is given to the scores. */
  private static final float QUERY_UNIT = 0x1p56f;

  private static final float SCORE_UNIT = HalfPanels.UNIT / QUERY_UNIT;

  @Override
  public long tileBytes(int length) {
    return (long) TILE * length * HALF_BYTES;
  }

  @Override
  public boolean storeKey(
      float[] key, int keyOffset, int length, MemorySegment cache, long tileOffset, int position) {
    checkFromIndexSize(keyOffset, length, key.length);
    checkTile(cache, tileOffset, length, position);
    int panel = position / PANEL;
    long at = tileOffset + ((long) panel * length * PANEL + position % PANEL) * HALF_BYTES;
    boolean finite = true;
    for (int c = 0; c < length; c++) {
      finite &= store(key[keyOffset + c], cache, at + (long) c * PANEL * HALF_BYTES);
    }
    return finite;
  }

  @Override
  public boolean storeValue(
      float[] value,
      int valueOffset,
      int length,
      MemorySegment cache,
      long tileOffset,
      int position) {
    checkFromIndexSize(valueOffset, length, value.length);
    checkTile(cache, tileOffset, length, position);
    boolean finite = true;
    for (int first = 0; first < length; first += PANEL) {
      int width = Math.min(PANEL, length - first);
      long at = tileOffset + ((long) first * TILE + position * width) * HALF_BYTES;
      for (int c = 0; c < width; c++) {
        finite &= store(value[valueOffset + first + c], cache, at + (long) c * HALF_BYTES);
      }
    }
    return finite;
  }

  private static boolean store(float value, MemorySegment cache, long offset) {
    short half = Float.floatToFloat16(value);
    cache.set(LittleEndian.SHORT, offset, half);
    return (half & EXPONENT) != EXPONENT;
  }

  @Override
  public void loadKeys(MemorySegment cache, long tileOffset, int length, float[] out) {
    checkFromIndexSize(tileOffset, tileBytes(length), cache.byteSize());
    checkFromIndexSize(0, length * TILE, out.length);
    for (int first = 0; first < TILE; first += PANEL) {
      HalfPanels.load(cache, panel(tileOffset, first, length), length, out, first, TILE);
    }
  }

  @Override
  public void loadValues(
      MemorySegment cache, long tileOffset, int length, int positions, float[] out) {
    checkFromIndexSize(0, positions, TILE);
    checkFromIndexSize(tileOffset, tileBytes(length), cache.byteSize());
    checkFromIndexSize(0, positions * length, out.length);
    int first = 0;
    for (; first <= length - PANEL; first += PANEL) {
      HalfPanels.load(cache, panel(tileOffset, first, TILE), positions, out, first, length);
    }
    int width = length - first;
    long at = panel(tileOffset, first, TILE);
    for (int i = 0; i < positions; i++) {
      for (int c = 0; c < width; c++, at += HALF_BYTES) {
        out[i * length + first + c] = Lanes.half(cache, at);
      }
    }
  }

  @Override
  public int directRows(int length) {
    return length % PANEL == 0 ? DIRECT_ROWS : 0;
  }

  @Override
  public int touch(MemorySegment cache, long tileOffset, int length) {
    checkFromIndexSize(tileOffset, tileBytes(length), cache.byteSize());
    return CacheLines.touchEighths(cache, tileOffset, tileBytes(length));
  }

  @Override
  public void score(
      MemorySegment cache,
      long tileOffset,
      int length,
      float[] queries,
      int rows,
      float[] scores,
      float[] scratch) {
    checkFromIndexSize(tileOffset, tileBytes(length), cache.byteSize());
    checkFromIndexSize(0, rows * length, queries.length);
    checkFromIndexSize(0, rows * length, scratch.length);
    checkFromIndexSize(0, rows * TILE, scores.length);
    scale(QUERY_UNIT, queries, 0, scratch, 0, rows * length);
    Arrays.fill(scores, 0, rows * TILE, 0);
    for (int first = 0; first < TILE; first += PANEL) {
      long at = panel(tileOffset, first, length);
      HalfPanels.add(scratch, length, cache, at, scores, first, TILE, rows, length);
    }
    scale(SCORE_UNIT, scores, 0, scores, 0, rows * TILE);
  }

  @Override
  public void mix(
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
    checkFromIndexSize(tileOffset, tileBytes(length), cache.byteSize());
    checkFromToIndex(from, to, TILE);
    checkFromIndexSize(firstRow * TILE, rows * TILE, weights.length);
    checkFromIndexSize(firstRow * length, rows * length, sums.length);
    int count = to - from;
    checkFromIndexSize(0, rows * count, scratch.length);
    checkDirect(length);
    for (int row = 0; row < rows; row++) {
      scale(HalfPanels.UNIT, weights, (firstRow + row) * TILE + from, scratch, row * count, count);
    }
    for (int first = 0; first < length; first += PANEL) {
      long at = panel(tileOffset, first, TILE) + (long) from * PANEL * HALF_BYTES;
      int out = firstRow * length + first;
      HalfPanels.add(scratch, count, cache, at, sums, out, length, rows, count);
    }
  }

  /** Powers of two, so that nothing is rounded. */
  private static void scale(float a, float[] x, int xOffset, float[] y, int yOffset, int count) {
    for (int i = 0; i < count; i++) {
      y[yOffset + i] = a * x[xOffset + i];
    }
  }

  /** Where the panel begins whose first column is {@code first}, of panels of {@code rows}. */
  private static long panel(long tileOffset, int first, int rows) {
    return tileOffset + (long) first * rows * HALF_BYTES;
  }

  private static void checkDirect(int length) {
    if (length % PANEL != 0) {
      throw new IllegalArgumentException(
          "direct products: found values of %d, expected a multiple of %d"
              .formatted(length, PANEL));
    }
  }

  private void checkTile(MemorySegment cache, long tileOffset, int length, int position) {
    checkIndex(position, TILE);
    checkFromIndexSize(tileOffset, tileBytes(length), cache.byteSize());
  }
}
