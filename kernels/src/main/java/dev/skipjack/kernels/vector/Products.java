package dev.skipjack.kernels.vector;

import static dev.skipjack.kernels.vector.Species.LANES;

import jdk.incubator.vector.FloatVector;

/**
 * Products of small dense matrices that stay in a core's first cache: {@code c [rows x cols] += a
 * [rows x inner] b [inner x cols]}. Every element adds its terms in the order of {@code inner}, so
 * a row does not depend on which rows it is computed with. Ranges must be valid.
 *
 * <p>Four rows by two vectors are eight sums, which cover the latency of a multiply-add on two
 * ports and leave room in sixteen registers.
 */
final class Products {
  private static final int PAIR = 2 * LANES;

  private Products() {}

  static void add(
      float[] a,
      int aOffset,
      int aStride,
      float[] b,
      int bOffset,
      float[] c,
      int cOffset,
      int rows,
      int inner,
      int cols) {
    int r = 0;
    for (; r + 4 <= rows; r += 4) {
      int aRow = aOffset + r * aStride;
      int cRow = cOffset + r * cols;
      int j = 0;
      for (; j <= cols - PAIR; j += PAIR) {
        fourRowsOfTwo(a, aRow, aStride, b, bOffset + j, c, cRow + j, inner, cols);
      }
      for (; j <= cols - LANES; j += LANES) {
        fourRowsOfOne(a, aRow, aStride, b, bOffset + j, c, cRow + j, inner, cols);
      }
    }
    for (; r < rows; r++) {
      int aRow = aOffset + r * aStride;
      int cRow = cOffset + r * cols;
      int j = 0;
      for (; j <= cols - PAIR; j += PAIR) {
        rowOfTwo(a, aRow, b, bOffset + j, c, cRow + j, inner, cols);
      }
      for (; j <= cols - LANES; j += LANES) {
        rowOfOne(a, aRow, b, bOffset + j, c, cRow + j, inner, cols);
      }
    }
    int rest = cols % LANES;
    if (rest > 0) {
      int j = cols - rest;
      lastColumns(a, aOffset, aStride, b, bOffset + j, c, cOffset + j, rows, inner, cols, rest);
    }
  }

  private static void fourRowsOfTwo(
      float[] a, int a0, int aStride, float[] b, int bAt, float[] c, int c0, int inner, int cols) {
    int a1 = a0 + aStride;
    int a2 = a1 + aStride;
    int a3 = a2 + aStride;
    int c1 = c0 + cols;
    int c2 = c1 + cols;
    int c3 = c2 + cols;
    FloatVector sum00 = Lanes.load(c, c0);
    FloatVector sum01 = Lanes.load(c, c0 + LANES);
    FloatVector sum10 = Lanes.load(c, c1);
    FloatVector sum11 = Lanes.load(c, c1 + LANES);
    FloatVector sum20 = Lanes.load(c, c2);
    FloatVector sum21 = Lanes.load(c, c2 + LANES);
    FloatVector sum30 = Lanes.load(c, c3);
    FloatVector sum31 = Lanes.load(c, c3 + LANES);
    for (int k = 0; k < inner; k++) {
      FloatVector left = Lanes.load(b, bAt + k * cols);
      FloatVector right = Lanes.load(b, bAt + k * cols + LANES);
      FloatVector factor = Lanes.broadcast(a[a0 + k]);
      sum00 = left.fma(factor, sum00);
      sum01 = right.fma(factor, sum01);
      factor = Lanes.broadcast(a[a1 + k]);
      sum10 = left.fma(factor, sum10);
      sum11 = right.fma(factor, sum11);
      factor = Lanes.broadcast(a[a2 + k]);
      sum20 = left.fma(factor, sum20);
      sum21 = right.fma(factor, sum21);
      factor = Lanes.broadcast(a[a3 + k]);
      sum30 = left.fma(factor, sum30);
      sum31 = right.fma(factor, sum31);
    }
    sum00.intoArray(c, c0);
    sum01.intoArray(c, c0 + LANES);
    sum10.intoArray(c, c1);
    sum11.intoArray(c, c1 + LANES);
    sum20.intoArray(c, c2);
    sum21.intoArray(c, c2 + LANES);
    sum30.intoArray(c, c3);
    sum31.intoArray(c, c3 + LANES);
  }

  private static void fourRowsOfOne(
      float[] a, int a0, int aStride, float[] b, int bAt, float[] c, int c0, int inner, int cols) {
    int a1 = a0 + aStride;
    int a2 = a1 + aStride;
    int a3 = a2 + aStride;
    FloatVector sum0 = Lanes.load(c, c0);
    FloatVector sum1 = Lanes.load(c, c0 + cols);
    FloatVector sum2 = Lanes.load(c, c0 + 2 * cols);
    FloatVector sum3 = Lanes.load(c, c0 + 3 * cols);
    for (int k = 0; k < inner; k++) {
      FloatVector row = Lanes.load(b, bAt + k * cols);
      sum0 = row.fma(Lanes.broadcast(a[a0 + k]), sum0);
      sum1 = row.fma(Lanes.broadcast(a[a1 + k]), sum1);
      sum2 = row.fma(Lanes.broadcast(a[a2 + k]), sum2);
      sum3 = row.fma(Lanes.broadcast(a[a3 + k]), sum3);
    }
    sum0.intoArray(c, c0);
    sum1.intoArray(c, c0 + cols);
    sum2.intoArray(c, c0 + 2 * cols);
    sum3.intoArray(c, c0 + 3 * cols);
  }

  private static void rowOfTwo(
      float[] a, int aAt, float[] b, int bAt, float[] c, int cAt, int inner, int cols) {
    FloatVector left = Lanes.load(c, cAt);
    FloatVector right = Lanes.load(c, cAt + LANES);
    for (int k = 0; k < inner; k++) {
      FloatVector factor = Lanes.broadcast(a[aAt + k]);
      left = Lanes.load(b, bAt + k * cols).fma(factor, left);
      right = Lanes.load(b, bAt + k * cols + LANES).fma(factor, right);
    }
    left.intoArray(c, cAt);
    right.intoArray(c, cAt + LANES);
  }

  private static void rowOfOne(
      float[] a, int aAt, float[] b, int bAt, float[] c, int cAt, int inner, int cols) {
    FloatVector sum = Lanes.load(c, cAt);
    for (int k = 0; k < inner; k++) {
      sum = Lanes.load(b, bAt + k * cols).fma(Lanes.broadcast(a[aAt + k]), sum);
    }
    sum.intoArray(c, cAt);
  }

  /** Columns that do not fill a vector, from {@code bAt} and {@code cAt} on. */
  private static void lastColumns(
      float[] a,
      int aOffset,
      int aStride,
      float[] b,
      int bAt,
      float[] c,
      int cAt,
      int rows,
      int inner,
      int cols,
      int rest) {
    for (int r = 0; r < rows; r++) {
      for (int j = 0; j < rest; j++) {
        float sum = c[cAt + r * cols + j];
        for (int k = 0; k < inner; k++) {
          sum = Math.fma(a[aOffset + r * aStride + k], b[bAt + k * cols + j], sum);
        }
        c[cAt + r * cols + j] = sum;
      }
    }
  }
}
