package dev.skipjack.kernels.vector;

import static dev.skipjack.kernels.vector.Species.FLOATS;
import static dev.skipjack.kernels.vector.Species.INTS;
import static dev.skipjack.kernels.vector.Species.LANES;
import static dev.skipjack.kernels.vector.Species.SHORTS;
import static java.nio.ByteOrder.LITTLE_ENDIAN;

import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.ShortVector;
import jdk.incubator.vector.VectorOperators;

/**
 * Panels of binary16: rows of two vectors of columns, one after the other. Ranges must be valid.
 *
 * <p>Products move the bits of a finite half to their place in a float, where the exponent is 112
 * too small, also that of subnormals. Whoever calls makes up for it in the other factor. Powers of
 * two round nothing, so sums are to the bit those of {@link Products} with converted halves. A
 * multiplication here would cost more than its instruction: processors multiply subnormal floats
 * slowly, but not where they add the product to something.
 */
final class HalfPanels {
  /** What halves in the place of floats must be multiplied by. */
  static final float UNIT = 0x1p112f;

  /** Rows of a product. */
  static final int ROWS = 4;

  /** Floats from a row of factors to the next: as a constant it needs no register. */
  static final int PITCH = 256;

  private static final int SIGN_AND_MAGNITUDE = 0x8fffe000;
  private static final int BYTES = 2 * Short.BYTES * LANES;
  private static final int RIGHT = Short.BYTES * LANES;

  private HalfPanels() {}

  /** {@code out[outOffset + k * stride + column] = panel [rows x 2 LANES]}, exactly. */
  static void load(
      MemorySegment panel, long offset, int rows, float[] out, int outOffset, int stride) {
    for (int k = 0; k < rows; k++) {
      long at = offset + (long) k * BYTES;
      int to = outOffset + k * stride;
      Lanes.halves(panel, at).intoArray(out, to);
      Lanes.halves(panel, at + RIGHT).intoArray(out, to + LANES);
    }
  }

  /**
   * {@code c [rows x 2 LANES] += a [rows x inner] panel [inner x 2 LANES] / UNIT}; halves must be
   * finite. Every element adds its terms in the order of {@code inner}.
   *
   * @param a {@value #ROWS} rows of {@value #PITCH}
   * @param cStride floats from a row of {@code c} to the next
   * @param rows at most {@value #ROWS}. If there are fewer, the last is computed again in place of
   *     the others, which must be copies of it: that takes no longer than the memory does
   */
  static void add(
      float[] a,
      MemorySegment panel,
      long offset,
      float[] c,
      int cOffset,
      int cStride,
      int rows,
      int inner) {
    int c0 = cOffset;
    int c1 = c0 + Math.min(1, rows - 1) * cStride;
    int c2 = c0 + Math.min(2, rows - 1) * cStride;
    int c3 = c0 + (rows - 1) * cStride;
    FloatVector sum00 = Lanes.load(c, c0);
    FloatVector sum01 = Lanes.load(c, c0 + LANES);
    FloatVector sum10 = Lanes.load(c, c1);
    FloatVector sum11 = Lanes.load(c, c1 + LANES);
    FloatVector sum20 = Lanes.load(c, c2);
    FloatVector sum21 = Lanes.load(c, c2 + LANES);
    FloatVector sum30 = Lanes.load(c, c3);
    FloatVector sum31 = Lanes.load(c, c3 + LANES);
    for (int k = 0; k < inner; k++) {
      long at = offset + (long) k * BYTES;
      Lanes.expectFaults();
      FloatVector left =
          ((IntVector)
                  ShortVector.fromMemorySegment(SHORTS, panel, at, LITTLE_ENDIAN)
                      .convertShape(VectorOperators.S2I, INTS, 0))
              .lanewise(VectorOperators.LSHL, 13)
              .and(SIGN_AND_MAGNITUDE)
              .reinterpretAsFloats();
      FloatVector right =
          ((IntVector)
                  ShortVector.fromMemorySegment(SHORTS, panel, at + RIGHT, LITTLE_ENDIAN)
                      .convertShape(VectorOperators.S2I, INTS, 0))
              .lanewise(VectorOperators.LSHL, 13)
              .and(SIGN_AND_MAGNITUDE)
              .reinterpretAsFloats();
      FloatVector factor = FloatVector.broadcast(FLOATS, a[k]);
      sum00 = left.fma(factor, sum00);
      sum01 = right.fma(factor, sum01);
      factor = FloatVector.broadcast(FLOATS, a[PITCH + k]);
      sum10 = left.fma(factor, sum10);
      sum11 = right.fma(factor, sum11);
      factor = FloatVector.broadcast(FLOATS, a[2 * PITCH + k]);
      sum20 = left.fma(factor, sum20);
      sum21 = right.fma(factor, sum21);
      factor = FloatVector.broadcast(FLOATS, a[3 * PITCH + k]);
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

  /**
   * {@link #add} of two panels, whose columns lie side by side in {@code c}. Each factor is loaded
   * once for both, and two streams of memory are prefetched further ahead than one. It takes the
   * registers of AVX-512.
   */
  static void addPair(
      float[] a,
      MemorySegment panels,
      long left,
      long right,
      float[] c,
      int cOffset,
      int cStride,
      int rows,
      int inner) {
    long apart = right - left;
    int c0 = cOffset;
    int c1 = c0 + Math.min(1, rows - 1) * cStride;
    int c2 = c0 + Math.min(2, rows - 1) * cStride;
    int c3 = c0 + (rows - 1) * cStride;
    FloatVector sum00 = Lanes.load(c, c0);
    FloatVector sum01 = Lanes.load(c, c0 + LANES);
    FloatVector sum02 = Lanes.load(c, c0 + 2 * LANES);
    FloatVector sum03 = Lanes.load(c, c0 + 3 * LANES);
    FloatVector sum10 = Lanes.load(c, c1);
    FloatVector sum11 = Lanes.load(c, c1 + LANES);
    FloatVector sum12 = Lanes.load(c, c1 + 2 * LANES);
    FloatVector sum13 = Lanes.load(c, c1 + 3 * LANES);
    FloatVector sum20 = Lanes.load(c, c2);
    FloatVector sum21 = Lanes.load(c, c2 + LANES);
    FloatVector sum22 = Lanes.load(c, c2 + 2 * LANES);
    FloatVector sum23 = Lanes.load(c, c2 + 3 * LANES);
    FloatVector sum30 = Lanes.load(c, c3);
    FloatVector sum31 = Lanes.load(c, c3 + LANES);
    FloatVector sum32 = Lanes.load(c, c3 + 2 * LANES);
    FloatVector sum33 = Lanes.load(c, c3 + 3 * LANES);
    for (int k = 0; k < inner; k++) {
      long at = left + (long) k * BYTES;
      Lanes.expectFaults();
      FloatVector v0 =
          ((IntVector)
                  ShortVector.fromMemorySegment(SHORTS, panels, at, LITTLE_ENDIAN)
                      .convertShape(VectorOperators.S2I, INTS, 0))
              .lanewise(VectorOperators.LSHL, 13)
              .and(SIGN_AND_MAGNITUDE)
              .reinterpretAsFloats();
      FloatVector v1 =
          ((IntVector)
                  ShortVector.fromMemorySegment(SHORTS, panels, at + RIGHT, LITTLE_ENDIAN)
                      .convertShape(VectorOperators.S2I, INTS, 0))
              .lanewise(VectorOperators.LSHL, 13)
              .and(SIGN_AND_MAGNITUDE)
              .reinterpretAsFloats();
      FloatVector v2 =
          ((IntVector)
                  ShortVector.fromMemorySegment(SHORTS, panels, at + apart, LITTLE_ENDIAN)
                      .convertShape(VectorOperators.S2I, INTS, 0))
              .lanewise(VectorOperators.LSHL, 13)
              .and(SIGN_AND_MAGNITUDE)
              .reinterpretAsFloats();
      FloatVector v3 =
          ((IntVector)
                  ShortVector.fromMemorySegment(SHORTS, panels, at + apart + RIGHT, LITTLE_ENDIAN)
                      .convertShape(VectorOperators.S2I, INTS, 0))
              .lanewise(VectorOperators.LSHL, 13)
              .and(SIGN_AND_MAGNITUDE)
              .reinterpretAsFloats();
      FloatVector factor = FloatVector.broadcast(FLOATS, a[k]);
      sum00 = v0.fma(factor, sum00);
      sum01 = v1.fma(factor, sum01);
      sum02 = v2.fma(factor, sum02);
      sum03 = v3.fma(factor, sum03);
      factor = FloatVector.broadcast(FLOATS, a[PITCH + k]);
      sum10 = v0.fma(factor, sum10);
      sum11 = v1.fma(factor, sum11);
      sum12 = v2.fma(factor, sum12);
      sum13 = v3.fma(factor, sum13);
      factor = FloatVector.broadcast(FLOATS, a[2 * PITCH + k]);
      sum20 = v0.fma(factor, sum20);
      sum21 = v1.fma(factor, sum21);
      sum22 = v2.fma(factor, sum22);
      sum23 = v3.fma(factor, sum23);
      factor = FloatVector.broadcast(FLOATS, a[3 * PITCH + k]);
      sum30 = v0.fma(factor, sum30);
      sum31 = v1.fma(factor, sum31);
      sum32 = v2.fma(factor, sum32);
      sum33 = v3.fma(factor, sum33);
    }
    sum00.intoArray(c, c0);
    sum01.intoArray(c, c0 + LANES);
    sum02.intoArray(c, c0 + 2 * LANES);
    sum03.intoArray(c, c0 + 3 * LANES);
    sum10.intoArray(c, c1);
    sum11.intoArray(c, c1 + LANES);
    sum12.intoArray(c, c1 + 2 * LANES);
    sum13.intoArray(c, c1 + 3 * LANES);
    sum20.intoArray(c, c2);
    sum21.intoArray(c, c2 + LANES);
    sum22.intoArray(c, c2 + 2 * LANES);
    sum23.intoArray(c, c2 + 3 * LANES);
    sum30.intoArray(c, c3);
    sum31.intoArray(c, c3 + LANES);
    sum32.intoArray(c, c3 + 2 * LANES);
    sum33.intoArray(c, c3 + 3 * LANES);
  }
}
