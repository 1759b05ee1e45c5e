package dev.skipjack.kernels.vector;

import static dev.skipjack.kernels.vector.PanelIndexes.COUNT;
import static dev.skipjack.kernels.vector.PanelIndexes.INDEX;
import static dev.skipjack.kernels.vector.PanelIndexes.NEVER;
import static dev.skipjack.kernels.vector.Species.FLOATS;
import static dev.skipjack.kernels.vector.Species.LANES;

import dev.skipjack.kernels.support.PanelKernel;
import jdk.incubator.vector.FloatVector;

/**
 * Register tiles of two vectors of rows by six tokens: twelve sums cover the latency of a
 * multiply-add on two ports, and with two vectors of weights and two of inputs they just fit
 * sixteen registers (the shape that BLIS uses on AVX2). The 32 registers of AVX-512 hold the sums
 * of two such tiles, which take fewer instructions for each multiply-add.
 */
final class VectorPanels implements PanelKernel {
  private static final int ROWS = 2 * LANES;
  private static final int TILE = 6;

  /** There are registers for the sums of two tiles. */
  private static final boolean PAIRS = LANES == 16;

  @Override
  public int rows() {
    return ROWS;
  }

  @Override
  public int tile() {
    return TILE;
  }

  @Override
  public int turned() {
    return LANES;
  }

  @Override
  public int turnLength() {
    return LANES * COLS + Transposition.WORK;
  }

  @Override
  public void turn(float[] space, int cols, float[] panel, int row) {
    Transposition.turn(space, COLS, cols, panel, row, ROWS);
  }

  @Override
  public void multiply(float[] panel, int cols, float[] inputs, int tiles, float[] sums, int at) {
    int i = 0;
    if (PAIRS) {
      for (; i + 2 <= tiles; i += 2) {
        twoByTwelve(panel, inputs, i * TILE * COLS, cols, sums, at + i * TILE * ROWS);
      }
    }
    for (; i < tiles; i++) {
      twoBySix(panel, inputs, i * TILE * COLS, cols, sums, at + i * TILE * ROWS);
    }
  }

  /** Adds to sums {@code [2 TILE x ROWS]}. */
  private static void twoByTwelve(float[] w, float[] x, int xAt, int cols, float[] sums, int at) {
    int xFrom = xAt & INDEX;
    int to = at & INDEX;
    int end = cols & COUNT;
    FloatVector s00 = FloatVector.fromArray(FLOATS, sums, to);
    FloatVector s01 = FloatVector.fromArray(FLOATS, sums, to + LANES);
    FloatVector s10 = FloatVector.fromArray(FLOATS, sums, to + 2 * LANES);
    FloatVector s11 = FloatVector.fromArray(FLOATS, sums, to + 3 * LANES);
    FloatVector s20 = FloatVector.fromArray(FLOATS, sums, to + 4 * LANES);
    FloatVector s21 = FloatVector.fromArray(FLOATS, sums, to + 5 * LANES);
    FloatVector s30 = FloatVector.fromArray(FLOATS, sums, to + 6 * LANES);
    FloatVector s31 = FloatVector.fromArray(FLOATS, sums, to + 7 * LANES);
    FloatVector s40 = FloatVector.fromArray(FLOATS, sums, to + 8 * LANES);
    FloatVector s41 = FloatVector.fromArray(FLOATS, sums, to + 9 * LANES);
    FloatVector s50 = FloatVector.fromArray(FLOATS, sums, to + 10 * LANES);
    FloatVector s51 = FloatVector.fromArray(FLOATS, sums, to + 11 * LANES);
    FloatVector s60 = FloatVector.fromArray(FLOATS, sums, to + 12 * LANES);
    FloatVector s61 = FloatVector.fromArray(FLOATS, sums, to + 13 * LANES);
    FloatVector s70 = FloatVector.fromArray(FLOATS, sums, to + 14 * LANES);
    FloatVector s71 = FloatVector.fromArray(FLOATS, sums, to + 15 * LANES);
    FloatVector s80 = FloatVector.fromArray(FLOATS, sums, to + 16 * LANES);
    FloatVector s81 = FloatVector.fromArray(FLOATS, sums, to + 17 * LANES);
    FloatVector s90 = FloatVector.fromArray(FLOATS, sums, to + 18 * LANES);
    FloatVector s91 = FloatVector.fromArray(FLOATS, sums, to + 19 * LANES);
    FloatVector sa0 = FloatVector.fromArray(FLOATS, sums, to + 20 * LANES);
    FloatVector sa1 = FloatVector.fromArray(FLOATS, sums, to + 21 * LANES);
    FloatVector sb0 = FloatVector.fromArray(FLOATS, sums, to + 22 * LANES);
    FloatVector sb1 = FloatVector.fromArray(FLOATS, sums, to + 23 * LANES);
    for (int c = 0; c < end; c++) {
      int xc = xFrom + c;
      FloatVector w0 = FloatVector.fromArray(FLOATS, w, c * ROWS);
      FloatVector w1 = FloatVector.fromArray(FLOATS, w, c * ROWS + LANES);
      FloatVector v = FloatVector.broadcast(FLOATS, x[xc]);
      s00 = w0.fma(v, s00);
      s01 = w1.fma(v, s01);
      v = FloatVector.broadcast(FLOATS, x[xc + COLS]);
      s10 = w0.fma(v, s10);
      s11 = w1.fma(v, s11);
      v = FloatVector.broadcast(FLOATS, x[xc + 2 * COLS]);
      s20 = w0.fma(v, s20);
      s21 = w1.fma(v, s21);
      v = FloatVector.broadcast(FLOATS, x[xc + 3 * COLS]);
      s30 = w0.fma(v, s30);
      s31 = w1.fma(v, s31);
      v = FloatVector.broadcast(FLOATS, x[xc + 4 * COLS]);
      s40 = w0.fma(v, s40);
      s41 = w1.fma(v, s41);
      v = FloatVector.broadcast(FLOATS, x[xc + 5 * COLS]);
      s50 = w0.fma(v, s50);
      s51 = w1.fma(v, s51);
      v = FloatVector.broadcast(FLOATS, x[xc + 6 * COLS]);
      s60 = w0.fma(v, s60);
      s61 = w1.fma(v, s61);
      v = FloatVector.broadcast(FLOATS, x[xc + 7 * COLS]);
      s70 = w0.fma(v, s70);
      s71 = w1.fma(v, s71);
      v = FloatVector.broadcast(FLOATS, x[xc + 8 * COLS]);
      s80 = w0.fma(v, s80);
      s81 = w1.fma(v, s81);
      v = FloatVector.broadcast(FLOATS, x[xc + 9 * COLS]);
      s90 = w0.fma(v, s90);
      s91 = w1.fma(v, s91);
      v = FloatVector.broadcast(FLOATS, x[xc + 10 * COLS]);
      sa0 = w0.fma(v, sa0);
      sa1 = w1.fma(v, sa1);
      v = FloatVector.broadcast(FLOATS, x[xc + 11 * COLS]);
      sb0 = w0.fma(v, sb0);
      sb1 = w1.fma(v, sb1);
    }
    s00.intoArray(sums, to);
    s01.intoArray(sums, to + LANES);
    s10.intoArray(sums, to + 2 * LANES);
    s11.intoArray(sums, to + 3 * LANES);
    s20.intoArray(sums, to + 4 * LANES);
    s21.intoArray(sums, to + 5 * LANES);
    s30.intoArray(sums, to + 6 * LANES);
    s31.intoArray(sums, to + 7 * LANES);
    s40.intoArray(sums, to + 8 * LANES);
    s41.intoArray(sums, to + 9 * LANES);
    s50.intoArray(sums, to + 10 * LANES);
    s51.intoArray(sums, to + 11 * LANES);
    s60.intoArray(sums, to + 12 * LANES);
    s61.intoArray(sums, to + 13 * LANES);
    s70.intoArray(sums, to + 14 * LANES);
    s71.intoArray(sums, to + 15 * LANES);
    s80.intoArray(sums, to + 16 * LANES);
    s81.intoArray(sums, to + 17 * LANES);
    s90.intoArray(sums, to + 18 * LANES);
    s91.intoArray(sums, to + 19 * LANES);
    sa0.intoArray(sums, to + 20 * LANES);
    sa1.intoArray(sums, to + 21 * LANES);
    sb0.intoArray(sums, to + 22 * LANES);
    sb1.intoArray(sums, to + 23 * LANES);
  }

  /**
   * Adds to sums {@code [TILE x ROWS]}. The branches are never taken: C2 moves loads to the front
   * of a block of code, and inputs of more than two tokens at a time would not leave enough
   * registers for the sums. Without helpers, since C2 inlines no more of them here.
   */
  private static void twoBySix(float[] w, float[] x, int xAt, int cols, float[] sums, int at) {
    int xFrom = xAt & INDEX;
    int to = at & INDEX;
    int end = cols & COUNT;
    FloatVector s00 = FloatVector.fromArray(FLOATS, sums, to);
    FloatVector s01 = FloatVector.fromArray(FLOATS, sums, to + LANES);
    FloatVector s10 = FloatVector.fromArray(FLOATS, sums, to + 2 * LANES);
    FloatVector s11 = FloatVector.fromArray(FLOATS, sums, to + 3 * LANES);
    FloatVector s20 = FloatVector.fromArray(FLOATS, sums, to + 4 * LANES);
    FloatVector s21 = FloatVector.fromArray(FLOATS, sums, to + 5 * LANES);
    FloatVector s30 = FloatVector.fromArray(FLOATS, sums, to + 6 * LANES);
    FloatVector s31 = FloatVector.fromArray(FLOATS, sums, to + 7 * LANES);
    FloatVector s40 = FloatVector.fromArray(FLOATS, sums, to + 8 * LANES);
    FloatVector s41 = FloatVector.fromArray(FLOATS, sums, to + 9 * LANES);
    FloatVector s50 = FloatVector.fromArray(FLOATS, sums, to + 10 * LANES);
    FloatVector s51 = FloatVector.fromArray(FLOATS, sums, to + 11 * LANES);
    for (int c = 0; c < end; c++) {
      int xc = xFrom + c;
      FloatVector w0 = FloatVector.fromArray(FLOATS, w, c * ROWS);
      FloatVector w1 = FloatVector.fromArray(FLOATS, w, c * ROWS + LANES);
      FloatVector v = FloatVector.broadcast(FLOATS, x[xc]);
      s00 = w0.fma(v, s00);
      s01 = w1.fma(v, s01);
      v = FloatVector.broadcast(FLOATS, x[xc + COLS]);
      s10 = w0.fma(v, s10);
      s11 = w1.fma(v, s11);
      if (c == NEVER) {
        break;
      }
      v = FloatVector.broadcast(FLOATS, x[xc + 2 * COLS]);
      s20 = w0.fma(v, s20);
      s21 = w1.fma(v, s21);
      v = FloatVector.broadcast(FLOATS, x[xc + 3 * COLS]);
      s30 = w0.fma(v, s30);
      s31 = w1.fma(v, s31);
      if (c == NEVER + 1) {
        break;
      }
      v = FloatVector.broadcast(FLOATS, x[xc + 4 * COLS]);
      s40 = w0.fma(v, s40);
      s41 = w1.fma(v, s41);
      v = FloatVector.broadcast(FLOATS, x[xc + 5 * COLS]);
      s50 = w0.fma(v, s50);
      s51 = w1.fma(v, s51);
    }
    s00.intoArray(sums, to);
    s01.intoArray(sums, to + LANES);
    s10.intoArray(sums, to + 2 * LANES);
    s11.intoArray(sums, to + 3 * LANES);
    s20.intoArray(sums, to + 4 * LANES);
    s21.intoArray(sums, to + 5 * LANES);
    s30.intoArray(sums, to + 6 * LANES);
    s31.intoArray(sums, to + 7 * LANES);
    s40.intoArray(sums, to + 8 * LANES);
    s41.intoArray(sums, to + 9 * LANES);
    s50.intoArray(sums, to + 10 * LANES);
    s51.intoArray(sums, to + 11 * LANES);
  }
}
