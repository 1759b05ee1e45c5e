package dev.skipjack.inference.attention;

import dev.skipjack.kernels.FloatKernels;
import java.util.Arrays;

/**
 * What rows of queries attended to in each span of the text, and its merge. A row is one head of
 * one token. Workers write and merge disjoint rows and spans; a barrier stands between.
 */
final class PartialResults {
  private static final int SPANS = AttentionPlan.MAX_SPANS;

  private final int valueLength;
  private final float[] maxima;
  private final float[] totals;
  private final float[] sums;

  /**
   * @param rows heads times tokens
   * @param valueLength of the longest head
   */
  PartialResults(int rows, int valueLength) {
    this.valueLength = valueLength;
    this.maxima = new float[Math.multiplyExact(rows, SPANS)];
    this.totals = new float[maxima.length];
    this.sums = new float[Math.multiplyExact(maxima.length, valueLength)];
  }

  /** Keeps row {@code blockRow} of a block as the result of {@code row} in a span. */
  void put(int row, int span, QueryBlock block, int blockRow, int length) {
    int index = row * SPANS + span;
    maxima[index] = block.maxima[blockRow];
    totals[index] = block.totals[blockRow];
    System.arraycopy(block.sums, blockRow * length, sums, index * valueLength, length);
  }

  /** {@code out = sum over spans of weights and values / sum of weights}. */
  void merge(FloatKernels floats, int row, int spans, int length, float[] out, int outOffset) {
    int first = row * SPANS;
    float max = floats.max(maxima, first, spans);
    float total = 0;
    Arrays.fill(out, outOffset, outOffset + length, 0);
    for (int index = first; index < first + spans; index++) {
      float shrunk = (float) Math.exp(maxima[index] - max);
      total += shrunk * totals[index];
      floats.axpy(shrunk, sums, index * valueLength, out, outOffset, length);
    }
    floats.scale(1 / total, out, outOffset, length);
  }
}
