package dev.skipjack.kernels.vector;

import static dev.skipjack.kernels.vector.Species.FLOATS;
import static dev.skipjack.kernels.vector.Species.INTS;
import static dev.skipjack.kernels.vector.Species.LANES;
import static dev.skipjack.kernels.vector.Species.SHORT_PAIRS;
import static java.nio.ByteOrder.LITTLE_ENDIAN;

import dev.skipjack.kernels.support.BlockRows;
import dev.skipjack.kernels.support.BlockSum;
import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.ShortVector;
import jdk.incubator.vector.VectorOperators;

/**
 * Sums of up to {@link BlockRows#TOGETHER} rows of {@link Q4_0Rows} in 16-bit integers, one unit at
 * a time. What a row is multiplied with, its coefficient times the scale of a block, is rounded to
 * 8 bits: {@code m = round(f / s)}, {@code s = max|f| / 127} over the rows. That is how inputs of
 * products are rounded, and 32 rows of {@code |m| <= 127} and weights from -8 to 7 fit into 16
 * bits.
 *
 * <p>Nibbles are multiplied without masking. A word shifted right by 4k bits has nibble k in the
 * lowest bits of its low half and nibble k + 4 in those of its high half, with the following
 * nibbles times powers of 16 above. So a sum {@code a[k]} of such words contains 16 times the sum
 * {@code a[k + 1]}, which is taken away modulo 2^16 once all rows have been added. The centre 8
 * comes off in what the sums start from: it is in each of them as often as there are nibbles in the
 * half. Rows of {@link Q4_0Channels} are summed the same way, with {@link ChannelFactors}.
 */
final class Q4_0RowSums {
  /** Scales are read as floats 2^112 too small, which coefficients make up for in part. */
  private static final float COEFFICIENT_UNIT = 0x1p64f;

  /** What is left to make up for, sums being read as integers 2^16 too large. */
  static final float UNIT = 0x1p32f;

  private static final int WORDS = 4 * LANES;
  private static final int CENTRE = 8;
  private static final int QUANT_MAX = 127;

  /** All bits of a float but the sign. */
  private static final int MAGNITUDE = 0x7fffffff;

  /** Added to a small float, leaves it rounded to an integer in the lowest bits. */
  private static final float ROUNDING = 0x1.8p23f;

  /** Where the sum of all factors is, behind those of the rows. */
  static final int TOTAL = BlockRows.TOGETHER * LANES;

  /** The centre of one, two, three and four nibbles. */
  private static final int ONE = -CENTRE;

  private static final int TWO = -CENTRE * 0x11;
  private static final int THREE = -CENTRE * 0x111;
  private static final int FOUR = -CENTRE * 0x1111;

  /** What the four sums of a word start from, for each unit of the sum of all factors. */
  private static final int START0 = halves(FOUR, FOUR);

  private static final int START1 = halves(FOUR, THREE);
  private static final int START2 = halves(FOUR, TWO);
  private static final int START3 = halves(FOUR, ONE);

  private Q4_0RowSums() {}

  private static int halves(int low, int high) {
    return low & 0xffff | high << 16;
  }

  /**
   * Leaves what each row's block is multiplied with, as a pair of equal shorts, and their sum, in
   * {@link BlockSum#factors}; and the scales of the lanes in front of {@link BlockSum#floats}.
   *
   * @param scales of the unit, within a row
   */
  static void factors(MemorySegment packed, long scales, BlockSum rows) {
    long[] places = rows.places;
    float[] coefficients = rows.coefficients;
    float[] products = rows.floats;
    int[] factors = rows.factors;
    int count = rows.count();
    // Magnitudes compare as integers do, in one instruction where floats take six.
    IntVector largest = IntVector.zero(INTS);
    for (int i = 0; i < count; i++) {
      FloatVector product =
          GroupScales.halfs(packed, places[i] + scales).mul(coefficients[i] * COEFFICIENT_UNIT);
      product.intoArray(products, i * LANES);
      largest = largest.max(product.reinterpretAsInts().and(MAGNITUDE));
    }
    FloatVector scale = largest.reinterpretAsFloats().mul(1f / QUANT_MAX);
    // Where all are zero, any factor will do.
    FloatVector inverse = FloatVector.broadcast(FLOATS, 1).div(scale.max(Float.MIN_NORMAL));
    ShortVector total = ShortVector.zero(SHORT_PAIRS);
    for (int i = 0; i < count; i++) {
      IntVector rounded =
          FloatVector.fromArray(FLOATS, products, i * LANES)
              .fma(inverse, FloatVector.broadcast(FLOATS, ROUNDING))
              .reinterpretAsInts();
      IntVector pair = rounded.and(0xffff).or(rounded.lanewise(VectorOperators.LSHL, 16));
      pair.intoArray(factors, i * LANES);
      total = total.add(pair.reinterpretAsShorts());
    }
    total.reinterpretAsInts().intoArray(factors, TOTAL);
    scale.intoArray(products, 0);
  }

  /**
   * Leaves the sums of words {@code [words x 5 x lanes]}: of the word shifted by 0, 4, 8 and 12
   * bits, and the high half of the first, which is what a shift by 16 bits would leave in the low
   * half.
   *
   * @param places of so many rows, an even number
   * @param factors of all rows, and their sum at {@link #TOTAL}
   * @param first word, within a row
   */
  static void multiply(
      MemorySegment packed,
      long[] places,
      int count,
      int[] factors,
      long first,
      int words,
      int[] sums) {
    ShortVector total = IntVector.fromArray(INTS, factors, TOTAL).reinterpretAsShorts();
    ShortVector start0 = total.mul(IntVector.broadcast(INTS, START0).reinterpretAsShorts());
    ShortVector start1 = total.mul(IntVector.broadcast(INTS, START1).reinterpretAsShorts());
    ShortVector start2 = total.mul(IntVector.broadcast(INTS, START2).reinterpretAsShorts());
    ShortVector start3 = total.mul(IntVector.broadcast(INTS, START3).reinterpretAsShorts());
    for (int j = 0; j < words; j++) {
      long word = first + (long) j * WORDS;
      ShortVector sum0 = start0;
      ShortVector sum1 = start1;
      ShortVector sum2 = start2;
      ShortVector sum3 = start3;
      for (int i = 0; i < count; i += 2) {
        IntVector v = IntVector.fromMemorySegment(INTS, packed, places[i] + word, LITTLE_ENDIAN);
        ShortVector f = IntVector.fromArray(INTS, factors, i * LANES).reinterpretAsShorts();
        sum0 = v.reinterpretAsShorts().mul(f).add(sum0);
        sum1 = v.lanewise(VectorOperators.LSHR, 4).reinterpretAsShorts().mul(f).add(sum1);
        sum2 = v.lanewise(VectorOperators.LSHR, 8).reinterpretAsShorts().mul(f).add(sum2);
        sum3 = v.lanewise(VectorOperators.LSHR, 12).reinterpretAsShorts().mul(f).add(sum3);
        v = IntVector.fromMemorySegment(INTS, packed, places[i + 1] + word, LITTLE_ENDIAN);
        f = IntVector.fromArray(INTS, factors, (i + 1) * LANES).reinterpretAsShorts();
        sum0 = v.reinterpretAsShorts().mul(f).add(sum0);
        sum1 = v.lanewise(VectorOperators.LSHR, 4).reinterpretAsShorts().mul(f).add(sum1);
        sum2 = v.lanewise(VectorOperators.LSHR, 8).reinterpretAsShorts().mul(f).add(sum2);
        sum3 = v.lanewise(VectorOperators.LSHR, 12).reinterpretAsShorts().mul(f).add(sum3);
      }
      int to = 5 * j * LANES;
      sum0.reinterpretAsInts().intoArray(sums, to);
      sum1.reinterpretAsInts().intoArray(sums, to + LANES);
      sum2.reinterpretAsInts().intoArray(sums, to + 2 * LANES);
      sum3.reinterpretAsInts().intoArray(sums, to + 3 * LANES);
      sum0.reinterpretAsInts().lanewise(VectorOperators.LSHR, 16).intoArray(sums, to + 4 * LANES);
    }
  }

  /**
   * Adds the sums of a unit, times the scales of their lanes, to {@code y} from {@code at} on
   * {@code [4 words x 8 nibbles x lanes]}.
   */
  static void addTo(BlockSum rows, float[] y, int at) {
    int[] sums = rows.sums;
    FloatVector scale = FloatVector.fromArray(FLOATS, rows.floats, 0);
    for (int j = 0; j < 4; j++) {
      for (int k = 0; k < 4; k++) {
        int from = (5 * j + k) * LANES;
        int low = at + (8 * j + k) * LANES;
        int high = low + 4 * LANES;
        IntVector sum = IntVector.fromArray(INTS, sums, from);
        IntVector next =
            IntVector.fromArray(INTS, sums, from + LANES).lanewise(VectorOperators.LSHL, 4);
        IntVector lows = sum.sub(next).lanewise(VectorOperators.LSHL, 16);
        IntVector highs = sum.and(0xffff0000).sub(next.and(0xfff00000));
        ((FloatVector) lows.convert(VectorOperators.I2F, 0))
            .fma(scale, FloatVector.fromArray(FLOATS, y, low))
            .intoArray(y, low);
        ((FloatVector) highs.convert(VectorOperators.I2F, 0))
            .fma(scale, FloatVector.fromArray(FLOATS, y, high))
            .intoArray(y, high);
      }
    }
  }
}
