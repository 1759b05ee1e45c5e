package dev.skipjack.kernels.vector;

import static dev.skipjack.kernels.vector.Species.FLOATS;
import static dev.skipjack.kernels.vector.Species.INTS;
import static dev.skipjack.kernels.vector.Species.LANES;
import static dev.skipjack.kernels.vector.Species.SHORT_PAIRS;
import static java.nio.ByteOrder.LITTLE_ENDIAN;

import dev.skipjack.kernels.support.ChannelSum;
import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.ShortVector;
import jdk.incubator.vector.VectorOperators;

/**
 * Sums of up to 32 rows of {@link Q4_0Channels} in 16-bit integers, by the arithmetic of {@link
 * Q4_0RowSums}: nibbles are not masked, and what is above a nibble is taken away at the end. Sums
 * are in memory, so that few rows are read at a time, each from one end to the other: that is what
 * processors prefetch. For each word of a row there are five vectors of sums: of the word shifted
 * by 0, 4, 8 and 12 bits, and, in the end, the high half of the first, which is what a shift by 16
 * bits would leave in the low half.
 */
final class Q4_0ChannelSums {
  private static final int WORD_BYTES = 4 * LANES;
  private static final int WORD_OUTPUTS = 8 * LANES;
  private static final int WORD_SUMS = 5 * LANES;

  /** Scales are read as floats 2^112 too small, sums as integers 2^16 too large. */
  private static final float UNIT = 0x1p96f;

  private Q4_0ChannelSums() {}

  private static ShortVector factor(int value) {
    return ShortVector.broadcast(SHORT_PAIRS, (short) value);
  }

  /** The centre of all rows in both halves, see {@link Q4_0RowSums}. */
  private static IntVector start(ShortVector total, int centres) {
    return total.mul(IntVector.broadcast(INTS, centres).reinterpretAsShorts()).reinterpretAsInts();
  }

  /** Starts sums from the centre of all rows. */
  static void start(ChannelSum rows, int words) {
    int[] sums = rows.sums;
    int total = 0;
    for (int i = 0; i < rows.count(); i++) {
      total += rows.values[i];
    }
    IntVector start0 = start(factor(total), Q4_0RowSums.START0);
    IntVector start1 = start(factor(total), Q4_0RowSums.START1);
    IntVector start2 = start(factor(total), Q4_0RowSums.START2);
    IntVector start3 = start(factor(total), Q4_0RowSums.START3);
    for (int j = 0; j < words; j++) {
      int to = j * WORD_SUMS;
      start0.intoArray(sums, to);
      start1.intoArray(sums, to + LANES);
      start2.intoArray(sums, to + 2 * LANES);
      start3.intoArray(sums, to + 3 * LANES);
    }
  }

  /** Adds four rows from {@code i} on. Without helpers, of which C2 inlines only so many. */
  static void addFour(MemorySegment packed, ChannelSum rows, int i, int offset, int words) {
    int[] sums = rows.sums;
    long at0 = rows.places[i] + offset;
    long at1 = rows.places[i + 1] + offset;
    long at2 = rows.places[i + 2] + offset;
    long at3 = rows.places[i + 3] + offset;
    ShortVector f0 = factor(rows.values[i]);
    ShortVector f1 = factor(rows.values[i + 1]);
    ShortVector f2 = factor(rows.values[i + 2]);
    ShortVector f3 = factor(rows.values[i + 3]);
    for (int j = 0; j < words; j++) {
      long word = (long) j * WORD_BYTES;
      int to = j * WORD_SUMS;
      ShortVector sum0 = IntVector.fromArray(INTS, sums, to).reinterpretAsShorts();
      ShortVector sum1 = IntVector.fromArray(INTS, sums, to + LANES).reinterpretAsShorts();
      ShortVector sum2 = IntVector.fromArray(INTS, sums, to + 2 * LANES).reinterpretAsShorts();
      ShortVector sum3 = IntVector.fromArray(INTS, sums, to + 3 * LANES).reinterpretAsShorts();
      IntVector v;
      v = IntVector.fromMemorySegment(INTS, packed, at0 + word, LITTLE_ENDIAN);
      sum0 = v.reinterpretAsShorts().mul(f0).add(sum0);
      sum1 = v.lanewise(VectorOperators.LSHR, 4).reinterpretAsShorts().mul(f0).add(sum1);
      sum2 = v.lanewise(VectorOperators.LSHR, 8).reinterpretAsShorts().mul(f0).add(sum2);
      sum3 = v.lanewise(VectorOperators.LSHR, 12).reinterpretAsShorts().mul(f0).add(sum3);
      v = IntVector.fromMemorySegment(INTS, packed, at1 + word, LITTLE_ENDIAN);
      sum0 = v.reinterpretAsShorts().mul(f1).add(sum0);
      sum1 = v.lanewise(VectorOperators.LSHR, 4).reinterpretAsShorts().mul(f1).add(sum1);
      sum2 = v.lanewise(VectorOperators.LSHR, 8).reinterpretAsShorts().mul(f1).add(sum2);
      sum3 = v.lanewise(VectorOperators.LSHR, 12).reinterpretAsShorts().mul(f1).add(sum3);
      v = IntVector.fromMemorySegment(INTS, packed, at2 + word, LITTLE_ENDIAN);
      sum0 = v.reinterpretAsShorts().mul(f2).add(sum0);
      sum1 = v.lanewise(VectorOperators.LSHR, 4).reinterpretAsShorts().mul(f2).add(sum1);
      sum2 = v.lanewise(VectorOperators.LSHR, 8).reinterpretAsShorts().mul(f2).add(sum2);
      sum3 = v.lanewise(VectorOperators.LSHR, 12).reinterpretAsShorts().mul(f2).add(sum3);
      v = IntVector.fromMemorySegment(INTS, packed, at3 + word, LITTLE_ENDIAN);
      sum0 = v.reinterpretAsShorts().mul(f3).add(sum0);
      sum1 = v.lanewise(VectorOperators.LSHR, 4).reinterpretAsShorts().mul(f3).add(sum1);
      sum2 = v.lanewise(VectorOperators.LSHR, 8).reinterpretAsShorts().mul(f3).add(sum2);
      sum3 = v.lanewise(VectorOperators.LSHR, 12).reinterpretAsShorts().mul(f3).add(sum3);
      sum0.reinterpretAsInts().intoArray(sums, to);
      sum1.reinterpretAsInts().intoArray(sums, to + LANES);
      sum2.reinterpretAsInts().intoArray(sums, to + 2 * LANES);
      sum3.reinterpretAsInts().intoArray(sums, to + 3 * LANES);
    }
  }

  /** Adds two rows from {@code i} on. */
  static void addTwo(MemorySegment packed, ChannelSum rows, int i, int offset, int words) {
    int[] sums = rows.sums;
    long at0 = rows.places[i] + offset;
    long at1 = rows.places[i + 1] + offset;
    ShortVector f0 = factor(rows.values[i]);
    ShortVector f1 = factor(rows.values[i + 1]);
    for (int j = 0; j < words; j++) {
      long word = (long) j * WORD_BYTES;
      int to = j * WORD_SUMS;
      ShortVector sum0 = IntVector.fromArray(INTS, sums, to).reinterpretAsShorts();
      ShortVector sum1 = IntVector.fromArray(INTS, sums, to + LANES).reinterpretAsShorts();
      ShortVector sum2 = IntVector.fromArray(INTS, sums, to + 2 * LANES).reinterpretAsShorts();
      ShortVector sum3 = IntVector.fromArray(INTS, sums, to + 3 * LANES).reinterpretAsShorts();
      IntVector v;
      v = IntVector.fromMemorySegment(INTS, packed, at0 + word, LITTLE_ENDIAN);
      sum0 = v.reinterpretAsShorts().mul(f0).add(sum0);
      sum1 = v.lanewise(VectorOperators.LSHR, 4).reinterpretAsShorts().mul(f0).add(sum1);
      sum2 = v.lanewise(VectorOperators.LSHR, 8).reinterpretAsShorts().mul(f0).add(sum2);
      sum3 = v.lanewise(VectorOperators.LSHR, 12).reinterpretAsShorts().mul(f0).add(sum3);
      v = IntVector.fromMemorySegment(INTS, packed, at1 + word, LITTLE_ENDIAN);
      sum0 = v.reinterpretAsShorts().mul(f1).add(sum0);
      sum1 = v.lanewise(VectorOperators.LSHR, 4).reinterpretAsShorts().mul(f1).add(sum1);
      sum2 = v.lanewise(VectorOperators.LSHR, 8).reinterpretAsShorts().mul(f1).add(sum2);
      sum3 = v.lanewise(VectorOperators.LSHR, 12).reinterpretAsShorts().mul(f1).add(sum3);
      sum0.reinterpretAsInts().intoArray(sums, to);
      sum1.reinterpretAsInts().intoArray(sums, to + LANES);
      sum2.reinterpretAsInts().intoArray(sums, to + 2 * LANES);
      sum3.reinterpretAsInts().intoArray(sums, to + 3 * LANES);
    }
  }

  /**
   * Adds the sums, times a scale for each, to {@code y} from {@code at} on.
   *
   * @param scales offset of the halves, in the order of the outputs
   * @param factor what they are multiplied with
   */
  static void addTo(
      ChannelSum rows,
      int words,
      MemorySegment packed,
      long scales,
      float factor,
      float[] y,
      int at) {
    int[] sums = rows.sums;
    for (int j = 0; j < words; j++) {
      IntVector.fromArray(INTS, sums, j * WORD_SUMS)
          .lanewise(VectorOperators.LSHR, 16)
          .intoArray(sums, j * WORD_SUMS + 4 * LANES);
    }
    FloatVector f = FloatVector.broadcast(FLOATS, factor * UNIT);
    for (int j = 0; j < words; j++) {
      for (int k = 0; k < 4; k++) {
        int from = j * WORD_SUMS + k * LANES;
        int low = j * WORD_OUTPUTS + k * LANES;
        int high = low + 4 * LANES;
        IntVector sum = IntVector.fromArray(INTS, sums, from);
        IntVector next =
            IntVector.fromArray(INTS, sums, from + LANES).lanewise(VectorOperators.LSHL, 4);
        IntVector lows = sum.sub(next).lanewise(VectorOperators.LSHL, 16);
        IntVector highs = sum.and(0xffff0000).sub(next.and(0xfff00000));
        ((FloatVector) lows.convert(VectorOperators.I2F, 0))
            .fma(
                GroupScales.halfs(packed, scales + 2L * low).mul(f),
                FloatVector.fromArray(FLOATS, y, at + low))
            .intoArray(y, at + low);
        ((FloatVector) highs.convert(VectorOperators.I2F, 0))
            .fma(
                GroupScales.halfs(packed, scales + 2L * high).mul(f),
                FloatVector.fromArray(FLOATS, y, at + high))
            .intoArray(y, at + high);
      }
    }
  }
}
