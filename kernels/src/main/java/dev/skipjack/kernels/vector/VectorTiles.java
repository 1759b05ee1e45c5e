package dev.skipjack.kernels.vector;

import static dev.skipjack.kernels.vector.Species.LANES;

import dev.skipjack.kernels.support.TileKernel;
import jdk.incubator.vector.FloatVector;

/**
 * Register tiles: four rows by four, two or one token, one accumulator per product, so that every
 * vector loaded is used four times. Each product is summed in the same order whatever tile it falls
 * into, so results depend neither on the number of tokens nor on how rows are split.
 */
final class VectorTiles implements TileKernel {
  private static final int AVX2_BITS = 256;

  /** Sixteen accumulators need more registers than AVX2 has; AVX-512 and NEON have 32. */
  private static final boolean FOUR_TOKENS = Species.BITS != AVX2_BITS;

  @Override
  public void multiply(
      float[] tile,
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
    for (; FOUR_TOKENS && t + 4 <= tokens; t += 4, xAt += 4 * xStride, yAt += 4 * yStride) {
      fourTokens(tile, cols, x, xAt, xStride);
      addSums(tile, 4, rows, y, yAt, yStride);
    }
    for (; t + 2 <= tokens; t += 2, xAt += 2 * xStride, yAt += 2 * yStride) {
      twoTokens(tile, cols, x, xAt, xStride);
      addSums(tile, 2, rows, y, yAt, yStride);
    }
    for (; t < tokens; t++, xAt += xStride, yAt += yStride) {
      oneToken(tile, cols, x, xAt);
      addSums(tile, 1, rows, y, yAt, yStride);
    }
    if (cols % LANES != 0) {
      addTail(tile, rows, cols, x, xOffset, xStride, tokens, y, yOffset, yStride);
    }
  }

  private static void fourTokens(float[] w, int cols, float[] x, int xAt, int xStride) {
    FloatVector s00 = Lanes.zero(), s01 = s00, s02 = s00, s03 = s00;
    FloatVector s10 = s00, s11 = s00, s12 = s00, s13 = s00;
    FloatVector s20 = s00, s21 = s00, s22 = s00, s23 = s00;
    FloatVector s30 = s00, s31 = s00, s32 = s00, s33 = s00;
    for (int c = 0; c <= cols - LANES; c += LANES) {
      FloatVector w0 = Lanes.load(w, c);
      FloatVector w1 = Lanes.load(w, COLS + c);
      FloatVector w2 = Lanes.load(w, 2 * COLS + c);
      FloatVector w3 = Lanes.load(w, 3 * COLS + c);
      FloatVector v = Lanes.load(x, xAt + c);
      s00 = w0.fma(v, s00);
      s01 = w1.fma(v, s01);
      s02 = w2.fma(v, s02);
      s03 = w3.fma(v, s03);
      v = Lanes.load(x, xAt + xStride + c);
      s10 = w0.fma(v, s10);
      s11 = w1.fma(v, s11);
      s12 = w2.fma(v, s12);
      s13 = w3.fma(v, s13);
      v = Lanes.load(x, xAt + 2 * xStride + c);
      s20 = w0.fma(v, s20);
      s21 = w1.fma(v, s21);
      s22 = w2.fma(v, s22);
      s23 = w3.fma(v, s23);
      v = Lanes.load(x, xAt + 3 * xStride + c);
      s30 = w0.fma(v, s30);
      s31 = w1.fma(v, s31);
      s32 = w2.fma(v, s32);
      s33 = w3.fma(v, s33);
    }
    keep(s00, s01, s02, s03, w, 0);
    keep(s10, s11, s12, s13, w, 1);
    keep(s20, s21, s22, s23, w, 2);
    keep(s30, s31, s32, s33, w, 3);
  }

  private static void twoTokens(float[] w, int cols, float[] x, int xAt, int xStride) {
    FloatVector s00 = Lanes.zero(), s01 = s00, s02 = s00, s03 = s00;
    FloatVector s10 = s00, s11 = s00, s12 = s00, s13 = s00;
    for (int c = 0; c <= cols - LANES; c += LANES) {
      FloatVector v0 = Lanes.load(x, xAt + c);
      FloatVector v1 = Lanes.load(x, xAt + xStride + c);
      FloatVector row = Lanes.load(w, c);
      s00 = row.fma(v0, s00);
      s10 = row.fma(v1, s10);
      row = Lanes.load(w, COLS + c);
      s01 = row.fma(v0, s01);
      s11 = row.fma(v1, s11);
      row = Lanes.load(w, 2 * COLS + c);
      s02 = row.fma(v0, s02);
      s12 = row.fma(v1, s12);
      row = Lanes.load(w, 3 * COLS + c);
      s03 = row.fma(v0, s03);
      s13 = row.fma(v1, s13);
    }
    keep(s00, s01, s02, s03, w, 0);
    keep(s10, s11, s12, s13, w, 1);
  }

  private static void oneToken(float[] w, int cols, float[] x, int xAt) {
    FloatVector s0 = Lanes.zero(), s1 = s0, s2 = s0, s3 = s0;
    for (int c = 0; c <= cols - LANES; c += LANES) {
      FloatVector v = Lanes.load(x, xAt + c);
      s0 = Lanes.load(w, c).fma(v, s0);
      s1 = Lanes.load(w, COLS + c).fma(v, s1);
      s2 = Lanes.load(w, 2 * COLS + c).fma(v, s2);
      s3 = Lanes.load(w, 3 * COLS + c).fma(v, s3);
    }
    keep(s0, s1, s2, s3, w, 0);
  }

  /** Leaves the four accumulators of a token in the workspace. */
  private static void keep(
      FloatVector s0, FloatVector s1, FloatVector s2, FloatVector s3, float[] w, int token) {
    int at = WORKSPACE + ROWS * token * LANES;
    s0.intoArray(w, at);
    s1.intoArray(w, at + LANES);
    s2.intoArray(w, at + 2 * LANES);
    s3.intoArray(w, at + 3 * LANES);
  }

  private static void addSums(
      float[] w, int tokens, int rows, float[] y, int yOffset, int yStride) {
    for (int t = 0; t < tokens; t++) {
      for (int r = 0; r < rows; r++) {
        y[yOffset + t * yStride + r] +=
            Lanes.sum(Lanes.load(w, WORKSPACE + (ROWS * t + r) * LANES));
      }
    }
  }

  private static void addTail(
      float[] w,
      int rows,
      int cols,
      float[] x,
      int xOffset,
      int xStride,
      int tokens,
      float[] y,
      int yOffset,
      int yStride) {
    for (int t = 0; t < tokens; t++) {
      for (int r = 0; r < rows; r++) {
        float sum = y[yOffset + t * yStride + r];
        for (int c = cols - cols % LANES; c < cols; c++) {
          sum = Math.fma(w[r * COLS + c], x[xOffset + t * xStride + c], sum);
        }
        y[yOffset + t * yStride + r] = sum;
      }
    }
  }
}
