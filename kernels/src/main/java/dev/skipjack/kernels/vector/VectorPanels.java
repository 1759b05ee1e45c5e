package dev.skipjack.kernels.vector;

import static dev.skipjack.kernels.vector.Species.FLOATS;
import static dev.skipjack.kernels.vector.Species.LANES;

import dev.skipjack.kernels.support.PanelKernel;
import jdk.incubator.vector.FloatVector;

/**
 * Register tiles of two vectors of rows by six tokens: twelve sums cover the latency of a
 * multiply-add on two ports, and with two vectors of weights and two of inputs they just fit
 * sixteen registers (the shape that BLIS uses on AVX2).
 */
final class VectorPanels implements PanelKernel {
  private static final int ROWS = 2 * LANES;
  private static final int TILE = 6;

  /** A column that never comes, and so does the next. */
  private static final int NEVER = 1 << 30;

  @Override
  public int rows() {
    return ROWS;
  }

  @Override
  public int tile() {
    return TILE;
  }

  @Override
  public void multiply(float[] panel, int cols, float[] packed, int tiles, float[] sums, int at) {
    for (int i = 0; i < tiles; i++) {
      twoBySix(panel, packed, i * TILE * cols, cols, sums, at + i * TILE * ROWS);
    }
  }

  /**
   * Adds to sums {@code [TILE x ROWS]}. The branches are never taken: C2 moves loads to the front
   * of a block of code, and inputs of more than two tokens at a time would not leave enough
   * registers for the sums. Without helpers, since C2 inlines no more of them here.
   */
  private static void twoBySix(float[] w, float[] x, int xAt, int cols, float[] sums, int at) {
    FloatVector s00 = FloatVector.fromArray(FLOATS, sums, at);
    FloatVector s01 = FloatVector.fromArray(FLOATS, sums, at + LANES);
    FloatVector s10 = FloatVector.fromArray(FLOATS, sums, at + 2 * LANES);
    FloatVector s11 = FloatVector.fromArray(FLOATS, sums, at + 3 * LANES);
    FloatVector s20 = FloatVector.fromArray(FLOATS, sums, at + 4 * LANES);
    FloatVector s21 = FloatVector.fromArray(FLOATS, sums, at + 5 * LANES);
    FloatVector s30 = FloatVector.fromArray(FLOATS, sums, at + 6 * LANES);
    FloatVector s31 = FloatVector.fromArray(FLOATS, sums, at + 7 * LANES);
    FloatVector s40 = FloatVector.fromArray(FLOATS, sums, at + 8 * LANES);
    FloatVector s41 = FloatVector.fromArray(FLOATS, sums, at + 9 * LANES);
    FloatVector s50 = FloatVector.fromArray(FLOATS, sums, at + 10 * LANES);
    FloatVector s51 = FloatVector.fromArray(FLOATS, sums, at + 11 * LANES);
    for (int c = 0; c < cols; c++) {
      FloatVector w0 = FloatVector.fromArray(FLOATS, w, c * ROWS);
      FloatVector w1 = FloatVector.fromArray(FLOATS, w, c * ROWS + LANES);
      FloatVector v = FloatVector.broadcast(FLOATS, x[xAt + c * TILE]);
      s00 = w0.fma(v, s00);
      s01 = w1.fma(v, s01);
      v = FloatVector.broadcast(FLOATS, x[xAt + c * TILE + 1]);
      s10 = w0.fma(v, s10);
      s11 = w1.fma(v, s11);
      if (c == NEVER) {
        break;
      }
      v = FloatVector.broadcast(FLOATS, x[xAt + c * TILE + 2]);
      s20 = w0.fma(v, s20);
      s21 = w1.fma(v, s21);
      v = FloatVector.broadcast(FLOATS, x[xAt + c * TILE + 3]);
      s30 = w0.fma(v, s30);
      s31 = w1.fma(v, s31);
      if (c == NEVER + 1) {
        break;
      }
      v = FloatVector.broadcast(FLOATS, x[xAt + c * TILE + 4]);
      s40 = w0.fma(v, s40);
      s41 = w1.fma(v, s41);
      v = FloatVector.broadcast(FLOATS, x[xAt + c * TILE + 5]);
      s50 = w0.fma(v, s50);
      s51 = w1.fma(v, s51);
    }
    s00.intoArray(sums, at);
    s01.intoArray(sums, at + LANES);
    s10.intoArray(sums, at + 2 * LANES);
    s11.intoArray(sums, at + 3 * LANES);
    s20.intoArray(sums, at + 4 * LANES);
    s21.intoArray(sums, at + 5 * LANES);
    s30.intoArray(sums, at + 6 * LANES);
    s31.intoArray(sums, at + 7 * LANES);
    s40.intoArray(sums, at + 8 * LANES);
    s41.intoArray(sums, at + 9 * LANES);
    s50.intoArray(sums, at + 10 * LANES);
    s51.intoArray(sums, at + 11 * LANES);
  }
}
