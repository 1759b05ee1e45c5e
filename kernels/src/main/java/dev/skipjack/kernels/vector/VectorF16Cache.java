package dev.skipjack.kernels.vector;

import static dev.skipjack.kernels.vector.Species.LANES;
import static java.util.Objects.checkFromIndexSize;
import static java.util.Objects.checkFromToIndex;
import static java.util.Objects.checkIndex;

import dev.skipjack.kernels.CacheKernels;
import dev.skipjack.loader.tensor.LittleEndian;
import java.lang.foreign.MemorySegment;

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

  /** Whether there are registers for the sums of two panels: those of AVX-512. */
  private static final boolean PAIRS = LANES >= 16;

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
    // Factors take the place of a loaded tile.
    boolean fits = HalfPanels.ROWS * HalfPanels.PITCH <= TILE * length;
    return fits && length % PANEL == 0 ? DIRECT_ROWS : 0;
  }

  /** If one tile is longer, what it has more is not read. */
  @Override
  public int touch(
      MemorySegment keys,
      long keyOffset,
      int keyLength,
      MemorySegment values,
      long valueOffset,
      int valueLength) {
    checkFromIndexSize(keyOffset, tileBytes(keyLength), keys.byteSize());
    checkFromIndexSize(valueOffset, tileBytes(valueLength), values.byteSize());
    long bytes = tileBytes(Math.min(keyLength, valueLength));
    return CacheLines.touch(keys, keyOffset, values, valueOffset, bytes);
  }

  @Override
  public void score(
      MemorySegment cache,
      long tileOffset,
      int length,
      int positions,
      float[] queries,
      int rows,
      float[] scores,
      float[] scratch) {
    checkFromIndexSize(tileOffset, tileBytes(length), cache.byteSize());
    checkFromIndexSize(0, positions, TILE);
    checkFromIndexSize(0, rows * length, queries.length);
    checkFromIndexSize(0, rows * TILE, scores.length);
    checkDirect(length, rows, scratch);
    for (int i = 0; i < rows * TILE; i += LANES) {
      Lanes.zero().intoArray(scores, i);
    }
    for (int row = 0; row < rows; row += HalfPanels.ROWS) {
      int few = Math.min(HalfPanels.ROWS, rows - row);
      for (int from = 0; from < length; from += HalfPanels.PITCH) {
        int count = Math.min(HalfPanels.PITCH, length - from);
        fillFactors(QUERY_UNIT, queries, row * length + from, length, few, count, scratch);
        long at = tileOffset + (long) from * PANEL * HALF_BYTES;
        multiply(scratch, cache, at, length, positions, scores, row * TILE, TILE, few, count);
      }
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
    checkDirect(length, rows, scratch);
    for (int row = firstRow; row < firstRow + rows; row += HalfPanels.ROWS) {
      int few = Math.min(HalfPanels.ROWS, firstRow + rows - row);
      fillFactors(HalfPanels.UNIT, weights, row * TILE + from, TILE, few, count, scratch);
      long at = tileOffset + (long) from * PANEL * HALF_BYTES;
      multiply(scratch, cache, at, TILE, length, sums, row * length, length, few, count);
    }
  }

  /**
   * Adds products of panels of {@code height} rows, the first of which begins at {@code at}, to as
   * many columns of {@code c} as are there, or up to a panel more.
   */
  private static void multiply(
      float[] factors,
      MemorySegment cache,
      long at,
      int height,
      int columns,
      float[] c,
      int cOffset,
      int cStride,
      int rows,
      int inner) {
    int first = 0;
    for (; PAIRS && first < columns - PANEL; first += 2 * PANEL) {
      long left = panel(at, first, height);
      long right = panel(at, first + PANEL, height);
      HalfPanels.addPair(factors, cache, left, right, c, cOffset + first, cStride, rows, inner);
    }
    for (; first < columns; first += PANEL) {
      long panel = panel(at, first, height);
      HalfPanels.add(factors, cache, panel, c, cOffset + first, cStride, rows, inner);
    }
  }

  /** Factors as {@link HalfPanels} wants them, of rows {@code stride} apart. */
  private static void fillFactors(
      float unit, float[] a, int offset, int stride, int rows, int count, float[] factors) {
    for (int row = 0; row < HalfPanels.ROWS; row++) {
      int from = offset + Math.min(row, rows - 1) * stride;
      scale(unit, a, from, factors, row * HalfPanels.PITCH, count);
    }
  }

  /** Powers of two, so that nothing is rounded. */
  private static void scale(float a, float[] x, int xOffset, float[] y, int yOffset, int count) {
    int i = 0;
    for (; i <= count - LANES; i += LANES) {
      Lanes.load(x, xOffset + i).mul(a).intoArray(y, yOffset + i);
    }
    for (; i < count; i++) {
      y[yOffset + i] = a * x[xOffset + i];
    }
  }

  /** Where the panel begins whose first column is {@code first}, of panels of {@code rows}. */
  private static long panel(long tileOffset, int first, int rows) {
    return tileOffset + (long) first * rows * HALF_BYTES;
  }

  private void checkDirect(int length, int rows, float[] scratch) {
    if (rows > directRows(length)) {
      throw new IllegalArgumentException(
          "direct products: found %d rows of %d, expected at most %d"
              .formatted(rows, length, directRows(length)));
    }
    checkFromIndexSize(0, HalfPanels.ROWS * HalfPanels.PITCH, scratch.length);
  }

  private void checkTile(MemorySegment cache, long tileOffset, int length, int position) {
    checkIndex(position, TILE);
    checkFromIndexSize(tileOffset, tileBytes(length), cache.byteSize());
  }
}
