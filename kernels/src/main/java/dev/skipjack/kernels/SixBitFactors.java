package dev.skipjack.kernels;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/**
 * What words of six-bit weights are multiplied with, see {@link Activations#sixes}. Made token by
 * token, by whoever asks first; several workers may, and write the same.
 */
final class SixBitFactors {
  /** Columns that have a word triple for each row. */
  private static final int COLUMNS = 16;

  private static final int HALF = COLUMNS / 2;

  /** The centre of the weights, 0 to 63. */
  private static final int CENTRE = 32;

  private static final VarHandle ARRANGED = MethodHandles.arrayElementVarHandle(int[].class);

  private final int words;
  private final int[] factors;

  /** For each token 1 once its factors follow its quants. */
  private final int[] arranged;

  /**
   * @param blocks of 32 columns in a token
   */
  SixBitFactors(int tokens, int blocks) {
    this.words = blocks * Activations.BLOCK / COLUMNS;
    this.factors = new int[Math.multiplyExact(tokens, words * Activations.SIXES)];
    this.arranged = new int[tokens];
  }

  long byteSize() {
    return (long) Integer.BYTES * (factors.length + arranged.length);
  }

  /** To be called when the quants of a token were written. */
  void forget(int token) {
    ARRANGED.setOpaque(arranged, token, 0);
  }

  /**
   * The factors of all tokens, of which those of one are valid.
   *
   * @param quants {@code [tokens x 32 blocks]}
   * @param blocks of a token in {@code quants}, not more than there is room for
   */
  int[] of(short[] quants, int token, int blocks) {
    if ((int) ARRANGED.getAcquire(arranged, token) == 0) {
      int count = blocks * Activations.BLOCK / COLUMNS;
      for (int i = token * count; i < (token + 1) * count; i++) {
        fill(quants, i * COLUMNS, i * Activations.SIXES);
      }
      ARRANGED.setRelease(arranged, token, 1);
    }
    return factors;
  }

  private void fill(short[] quants, int q, int to) {
    for (int i = 0; i < Activations.SIXES; i++) {
      factors[to + i] = factor(quants, q, i) & 0xffff | factor(quants, q + HALF, i) << 16;
    }
  }

  /** Of the eight columns in one half of the words. */
  private static int factor(short[] x, int q, int i) {
    return switch (i) {
      case 0 -> x[q];
      case 1 -> x[q + 1] - 64 * x[q];
      case 2 -> x[q + 2] - 64 * x[q + 1];
      case 3 -> x[q + 3];
      case 4 -> x[q + 4] - 64 * x[q + 3];
      case 5 -> x[q + 5] - 64 * x[q + 4];
      case 6 -> x[q + 6];
      case 7 -> x[q + 7] - 64 * x[q + 6];
      case 8 -> 16 * x[q + 2] - 64 * x[q + 7];
      case 9 -> 16 * x[q + 5] - 64 * x[q + 2];
      default -> -CENTRE * sum(x, q);
    };
  }

  private static int sum(short[] x, int q) {
    int sum = 0;
    for (int i = q; i < q + HALF; i++) {
      sum += x[i];
    }
    return sum;
  }
}
