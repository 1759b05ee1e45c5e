package dev.skipjack.kernels.vector;

import static dev.skipjack.kernels.vector.Species.LANES;

import dev.skipjack.kernels.support.PanelKernel;
import jdk.incubator.vector.FloatVector;

/**
 * Register tiles of four vectors of rows by four tokens: sixteen accumulators, so that every vector
 * of weights is used four times and every broadcast input four times. AVX2 has half the registers
 * and takes the four vectors two at a time.
 */
final class VectorPanels implements PanelKernel {
  private static final int VECTORS = 4;
  private static final int ROWS = VECTORS * LANES;
  private static final int HALF = 2 * LANES;

  /** Where sums are left: the workspace behind the panel. */
  private static final int SUMS = COLS * ROWS;

  private static final int AVX2_BITS = 256;

  /** Sixteen accumulators need more registers than AVX2 has; AVX-512 and NEON have 32. */
  private static final boolean SIXTEEN = Species.BITS != AVX2_BITS;

  @Override
  public int rows() {
    return ROWS;
  }

  @Override
  public void multiply(
      float[] panel,
      int rows,
      int cols,
      float[] x,
      int xOffset,
      int xStride,
      int tokens,
      float[] y,
      int yOffset,
      int yStride) {
    int t = 0;
    int xAt = xOffset;
    int yAt = yOffset;
    if (rows == ROWS) {
      for (; t + 4 <= tokens; t += 4, xAt += 4 * xStride, yAt += 4 * yStride) {
        if (SIXTEEN) {
          fourByFour(panel, cols, x, xAt, xStride);
          addSums(panel, 4, ROWS, ROWS, y, yAt, yStride);
        } else {
          twoByFour(panel, 0, cols, x, xAt, xStride);
          addSums(panel, 4, HALF, HALF, y, yAt, yStride);
          twoByFour(panel, HALF, cols, x, xAt, xStride);
          addSums(panel, 4, HALF, HALF, y, yAt + HALF, yStride);
        }
      }
    }
    for (; t < tokens; t++, xAt += xStride, yAt += yStride) {
      fourByOne(panel, cols, x, xAt);
      addSums(panel, 1, rows, ROWS, y, yAt, yStride);
    }
  }

  /** Leaves the sums in the workspace, by direct stores: C2 inlines no more helpers here. */
  private static void fourByFour(float[] w, int cols, float[] x, int xAt, int xStride) {
    FloatVector s00 = Lanes.zero(), s01 = s00, s02 = s00, s03 = s00;
    FloatVector s10 = s00, s11 = s00, s12 = s00, s13 = s00;
    FloatVector s20 = s00, s21 = s00, s22 = s00, s23 = s00;
    FloatVector s30 = s00, s31 = s00, s32 = s00, s33 = s00;
    for (int c = 0; c < cols; c++) {
      FloatVector w0 = Lanes.load(w, c * ROWS);
      FloatVector w1 = Lanes.load(w, c * ROWS + LANES);
      FloatVector w2 = Lanes.load(w, c * ROWS + 2 * LANES);
      FloatVector w3 = Lanes.load(w, c * ROWS + 3 * LANES);
      FloatVector v = Lanes.broadcast(x[xAt + c]);
      s00 = w0.fma(v, s00);
      s01 = w1.fma(v, s01);
      s02 = w2.fma(v, s02);
      s03 = w3.fma(v, s03);
      v = Lanes.broadcast(x[xAt + xStride + c]);
      s10 = w0.fma(v, s10);
      s11 = w1.fma(v, s11);
      s12 = w2.fma(v, s12);
      s13 = w3.fma(v, s13);
      v = Lanes.broadcast(x[xAt + 2 * xStride + c]);
      s20 = w0.fma(v, s20);
      s21 = w1.fma(v, s21);
      s22 = w2.fma(v, s22);
      s23 = w3.fma(v, s23);
      v = Lanes.broadcast(x[xAt + 3 * xStride + c]);
      s30 = w0.fma(v, s30);
      s31 = w1.fma(v, s31);
      s32 = w2.fma(v, s32);
      s33 = w3.fma(v, s33);
    }
    s00.intoArray(w, SUMS);
    s01.intoArray(w, SUMS + LANES);
    s02.intoArray(w, SUMS + 2 * LANES);
    s03.intoArray(w, SUMS + 3 * LANES);
    s10.intoArray(w, SUMS + 4 * LANES);
    s11.intoArray(w, SUMS + 5 * LANES);
    s12.intoArray(w, SUMS + 6 * LANES);
    s13.intoArray(w, SUMS + 7 * LANES);
    s20.intoArray(w, SUMS + 8 * LANES);
    s21.intoArray(w, SUMS + 9 * LANES);
    s22.intoArray(w, SUMS + 10 * LANES);
    s23.intoArray(w, SUMS + 11 * LANES);
    s30.intoArray(w, SUMS + 12 * LANES);
    s31.intoArray(w, SUMS + 13 * LANES);
    s32.intoArray(w, SUMS + 14 * LANES);
    s33.intoArray(w, SUMS + 15 * LANES);
  }

  /** Two vectors of rows, from row {@code from} of the panel; leaves the sums in the workspace. */
  private static void twoByFour(float[] w, int from, int cols, float[] x, int xAt, int xStride) {
    FloatVector s00 = Lanes.zero(), s01 = s00, s10 = s00, s11 = s00;
    FloatVector s20 = s00, s21 = s00, s30 = s00, s31 = s00;
    for (int c = 0; c < cols; c++) {
      FloatVector w0 = Lanes.load(w, from + c * ROWS);
      FloatVector w1 = Lanes.load(w, from + c * ROWS + LANES);
      FloatVector v = Lanes.broadcast(x[xAt + c]);
      s00 = w0.fma(v, s00);
      s01 = w1.fma(v, s01);
      v = Lanes.broadcast(x[xAt + xStride + c]);
      s10 = w0.fma(v, s10);
      s11 = w1.fma(v, s11);
      v = Lanes.broadcast(x[xAt + 2 * xStride + c]);
      s20 = w0.fma(v, s20);
      s21 = w1.fma(v, s21);
      v = Lanes.broadcast(x[xAt + 3 * xStride + c]);
      s30 = w0.fma(v, s30);
      s31 = w1.fma(v, s31);
    }
    s00.intoArray(w, SUMS);
    s01.intoArray(w, SUMS + LANES);
    s10.intoArray(w, SUMS + 2 * LANES);
    s11.intoArray(w, SUMS + 3 * LANES);
    s20.intoArray(w, SUMS + 4 * LANES);
    s21.intoArray(w, SUMS + 5 * LANES);
    s30.intoArray(w, SUMS + 6 * LANES);
    s31.intoArray(w, SUMS + 7 * LANES);
  }

  /** Leaves the sums of one token in the workspace. */
  private static void fourByOne(float[] w, int cols, float[] x, int xAt) {
    FloatVector s0 = Lanes.zero(), s1 = s0, s2 = s0, s3 = s0;
    for (int c = 0; c < cols; c++) {
      FloatVector v = Lanes.broadcast(x[xAt + c]);
      s0 = Lanes.load(w, c * ROWS).fma(v, s0);
      s1 = Lanes.load(w, c * ROWS + LANES).fma(v, s1);
      s2 = Lanes.load(w, c * ROWS + 2 * LANES).fma(v, s2);
      s3 = Lanes.load(w, c * ROWS + 3 * LANES).fma(v, s3);
    }
    s0.intoArray(w, SUMS);
    s1.intoArray(w, SUMS + LANES);
    s2.intoArray(w, SUMS + 2 * LANES);
    s3.intoArray(w, SUMS + 3 * LANES);
  }

  /** Adds the sums of some tokens, {@code rows} each, from the workspace. */
  private static void addSums(
      float[] w, int tokens, int rows, int stride, float[] y, int yAt, int yStride) {
    for (int t = 0; t < tokens; t++) {
      for (int r = 0; r < rows; r++) {
        y[yAt + t * yStride + r] += w[SUMS + t * stride + r];
      }
    }
  }
}
