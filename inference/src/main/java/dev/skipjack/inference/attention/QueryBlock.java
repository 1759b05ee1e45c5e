package dev.skipjack.inference.attention;

import dev.skipjack.kernels.CacheKernels;
import dev.skipjack.kernels.FloatKernels;
import java.util.Arrays;

/**
 * One worker's buffers for queries of one key/value head, and what they have attended to so far:
 * the softmax of scores that arrive tile by tile, never all at once (Milakov and Gimelshein, arXiv
 * 1805.02867). A row is one query head of one token.
 */
final class QueryBlock {
  private static final int TILE = CacheKernels.TILE;

  /** Scaled queries {@code [rows x keyLength]}. */
  final float[] queries;

  /** Scores, then weights, of one tile {@code [rows x TILE]}. */
  final float[] scores;

  /**
   * Keys {@code [keyLength x TILE]}, then values {@code [TILE x valueLength]} of one tile; scratch
   * where the cache multiplies them itself.
   */
  final float[] tile;

  /** Values summed with weights {@code exp(score - maxima[row])}, {@code [rows x valueLength]}. */
  final float[] sums;

  /** The largest score so far {@code [rows]}. */
  final float[] maxima;

  /** The sum of the weights so far {@code [rows]}. */
  final float[] totals;

  /** Whether this worker reads tiles ahead. */
  final ReadAhead readAhead = new ReadAhead(System::nanoTime);

  /** What was read ahead, kept so that the compiler cannot drop the reading. */
  int touched;

  /** What the latest tile made of earlier sums {@code [rows]}. */
  private final float[] shrunk;

  QueryBlock(int rows, int keyLength, int valueLength) {
    this.queries = new float[Math.multiplyExact(rows, keyLength)];
    this.scores = new float[Math.multiplyExact(rows, TILE)];
    this.tile = new float[Math.multiplyExact(TILE, Math.max(keyLength, valueLength))];
    this.sums = new float[Math.multiplyExact(rows, valueLength)];
    this.maxima = new float[rows];
    this.totals = new float[rows];
    this.shrunk = new float[rows];
  }

  /** Forgets what the first rows attended to. */
  void clear(int rows, int valueLength) {
    Arrays.fill(sums, 0, rows * valueLength, 0);
    Arrays.fill(maxima, 0, rows, Float.NEGATIVE_INFINITY);
    Arrays.fill(totals, 0, rows, 0);
  }

  /**
   * Turns the scores of some rows at tile positions {@code [from, to)} into weights, and what was
   * summed before into the same scale.
   */
  void weigh(FloatKernels floats, int firstRow, int rows, int from, int to, int valueLength) {
    int at = firstRow * TILE + from;
    floats.continueSoftmax(scores, at, TILE, rows, to - from, firstRow, maxima, totals, shrunk);
    for (int row = firstRow; row < firstRow + rows; row++) {
      if (shrunk[row] != 1) {
        floats.scale(shrunk[row], sums, row * valueLength, valueLength);
      }
    }
  }
}
