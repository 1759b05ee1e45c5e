package dev.skipjack.kernels;

import static dev.skipjack.kernels.Activations.BLOCK;

/** The arrangements of 16 ints for a block, see {@link Activations#pairs} and the next. */
final class QuantWords {
  /** Ints of a block. */
  static final int INTS = BLOCK / 2;

  private QuantWords() {}

  /** Fills {@link Activations#pairs}. */
  static void pairs(short[] quants, int from, int to, int[] out) {
    for (int i = from * INTS; i < to * INTS; i++) {
      out[i] = halves(quants[2 * i], quants[2 * i + 1]);
    }
  }

  /** Fills {@link Activations#nibbles}. */
  static void nibbles(short[] quants, int from, int to, int[] out) {
    for (int block = from; block < to; block++) {
      for (int j = 0; j < INTS; j += 4) {
        word(quants, block * BLOCK + j, out, block * INTS + j);
      }
    }
  }

  private static void word(short[] quants, int q, int[] out, int to) {
    int half = BLOCK / 2;
    int a = quants[q];
    int b = quants[q + half];
    int c = quants[q + 1];
    int d = quants[q + 1 + half];
    int e = quants[q + 2];
    int f = quants[q + 2 + half];
    int g = quants[q + 3];
    int h = quants[q + 3 + half];
    out[to] = halves(a, e - 16 * d);
    out[to + 1] = halves(b - 16 * a, f - 16 * e);
    out[to + 2] = halves(c - 16 * b, g - 16 * f);
    out[to + 3] = halves(d - 16 * c, h - 16 * g);
  }

  private static int halves(int low, int high) {
    return low & 0xffff | high << 16;
  }
}
