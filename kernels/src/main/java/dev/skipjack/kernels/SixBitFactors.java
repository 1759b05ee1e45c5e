package dev.skipjack.kernels;

/** What words of six-bit weights are multiplied with, see {@link Activations#sixes}. */
final class SixBitFactors {
  /** Columns that have a word triple for each row. */
  private static final int COLUMNS = 16;

  private static final int HALF = COLUMNS / 2;

  /** The centre of the weights, 0 to 63. */
  private static final int CENTRE = 32;

  /** Ints of a block. */
  static final int INTS = Activations.BLOCK / COLUMNS * Activations.SIXES;

  private SixBitFactors() {}

  /** Fills {@link Activations#sixes}. */
  static void fill(short[] quants, int from, int to, int[] out) {
    int runs = Activations.BLOCK / COLUMNS;
    for (int run = from * runs; run < to * runs; run++) {
      for (int i = 0; i < Activations.SIXES; i++) {
        int q = run * COLUMNS;
        out[run * Activations.SIXES + i] =
            factor(quants, q, i) & 0xffff | factor(quants, q + HALF, i) << 16;
      }
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
