package dev.skipjack.kernels.vector;

import static dev.skipjack.kernels.vector.Species.BYTE_PAIRS;
import static dev.skipjack.kernels.vector.Species.FLOATS;
import static dev.skipjack.kernels.vector.Species.INTS;
import static dev.skipjack.kernels.vector.Species.LANES;
import static dev.skipjack.kernels.vector.Species.SHORT_PAIRS;
import static java.nio.ByteOrder.LITTLE_ENDIAN;

import dev.skipjack.kernels.support.ChannelSum;
import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.ByteVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.ShortVector;
import jdk.incubator.vector.VectorOperators;

/**
 * Sums of up to 32 rows of {@link Q8_0Channels} in integers, by the arithmetic of {@link
 * Q8_0Groups}: two products of 8-bit numbers fit 16 bits, so two rows are added there, and then
 * widened. Their high halves are summed by shifts; summing whole ints as well gives the low halves
 * without unpacking them, once a flipped sign bit has made them unsigned. Sums are in memory for
 * the reason that {@link Q4_0ChannelSums} gives: whole ints and high halves, a vector of each.
 */
final class Q8_0ChannelSums {
  private static final int PAIRS = 2 * LANES;

  /** The sign of a low half: flipping it adds 2^15. */
  private static final int SIGN = 0x8000;

  /** Scales are read as floats 2^112 too small. */
  private static final float UNIT = 0x1p112f;

  private Q8_0ChannelSums() {}

  private static ShortVector factor(int value) {
    return ShortVector.broadcast(SHORT_PAIRS, (short) value);
  }

  /** Starts sums from what flipped signs will add to the low halves. */
  static void start(ChannelSum rows, int pairs) {
    int[] sums = rows.sums;
    IntVector start = IntVector.broadcast(INTS, -SIGN * (rows.count() / 2));
    IntVector zero = IntVector.zero(INTS);
    for (int j = 0; j < pairs; j++) {
      start.intoArray(sums, j * PAIRS);
      zero.intoArray(sums, j * PAIRS + LANES);
    }
  }

  /** Adds four rows from {@code i} on. Without helpers, of which C2 inlines only so many. */
  static void addFour(MemorySegment packed, ChannelSum rows, int i, int offset, int pairs) {
    int[] sums = rows.sums;
    long at0 = rows.places[i] + offset;
    long at1 = rows.places[i + 1] + offset;
    long at2 = rows.places[i + 2] + offset;
    long at3 = rows.places[i + 3] + offset;
    ShortVector f0 = factor(rows.values[i]);
    ShortVector f1 = factor(rows.values[i + 1]);
    ShortVector f2 = factor(rows.values[i + 2]);
    ShortVector f3 = factor(rows.values[i + 3]);
    for (int j = 0; j < pairs; j++) {
      long pair = (long) j * PAIRS;
      int to = j * PAIRS;
      IntVector a =
          ((ShortVector)
                  ByteVector.fromMemorySegment(BYTE_PAIRS, packed, at0 + pair, LITTLE_ENDIAN)
                      .convertShape(VectorOperators.B2S, SHORT_PAIRS, 0))
              .mul(f0)
              .add(
                  ((ShortVector)
                          ByteVector.fromMemorySegment(
                                  BYTE_PAIRS, packed, at1 + pair, LITTLE_ENDIAN)
                              .convertShape(VectorOperators.B2S, SHORT_PAIRS, 0))
                      .mul(f1))
              .reinterpretAsInts()
              .lanewise(VectorOperators.XOR, SIGN);
      IntVector b =
          ((ShortVector)
                  ByteVector.fromMemorySegment(BYTE_PAIRS, packed, at2 + pair, LITTLE_ENDIAN)
                      .convertShape(VectorOperators.B2S, SHORT_PAIRS, 0))
              .mul(f2)
              .add(
                  ((ShortVector)
                          ByteVector.fromMemorySegment(
                                  BYTE_PAIRS, packed, at3 + pair, LITTLE_ENDIAN)
                              .convertShape(VectorOperators.B2S, SHORT_PAIRS, 0))
                      .mul(f3))
              .reinterpretAsInts()
              .lanewise(VectorOperators.XOR, SIGN);
      IntVector.fromArray(INTS, sums, to).add(a.add(b)).intoArray(sums, to);
      IntVector.fromArray(INTS, sums, to + LANES)
          .add(a.lanewise(VectorOperators.ASHR, 16).add(b.lanewise(VectorOperators.ASHR, 16)))
          .intoArray(sums, to + LANES);
    }
  }

  /** Adds two rows from {@code i} on. */
  static void addTwo(MemorySegment packed, ChannelSum rows, int i, int offset, int pairs) {
    int[] sums = rows.sums;
    long at0 = rows.places[i] + offset;
    long at1 = rows.places[i + 1] + offset;
    ShortVector f0 = factor(rows.values[i]);
    ShortVector f1 = factor(rows.values[i + 1]);
    for (int j = 0; j < pairs; j++) {
      long pair = (long) j * PAIRS;
      int to = j * PAIRS;
      IntVector a =
          ((ShortVector)
                  ByteVector.fromMemorySegment(BYTE_PAIRS, packed, at0 + pair, LITTLE_ENDIAN)
                      .convertShape(VectorOperators.B2S, SHORT_PAIRS, 0))
              .mul(f0)
              .add(
                  ((ShortVector)
                          ByteVector.fromMemorySegment(
                                  BYTE_PAIRS, packed, at1 + pair, LITTLE_ENDIAN)
                              .convertShape(VectorOperators.B2S, SHORT_PAIRS, 0))
                      .mul(f1))
              .reinterpretAsInts()
              .lanewise(VectorOperators.XOR, SIGN);
      IntVector.fromArray(INTS, sums, to).add(a).intoArray(sums, to);
      IntVector.fromArray(INTS, sums, to + LANES)
          .add(a.lanewise(VectorOperators.ASHR, 16))
          .intoArray(sums, to + LANES);
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
      int pairs,
      MemorySegment packed,
      long scales,
      float factor,
      float[] y,
      int at) {
    int[] sums = rows.sums;
    FloatVector f = FloatVector.broadcast(FLOATS, factor * UNIT);
    for (int j = 0; j < pairs; j++) {
      int from = j * PAIRS;
      long scale = scales + 2L * from;
      IntVector both = IntVector.fromArray(INTS, sums, from);
      IntVector high = IntVector.fromArray(INTS, sums, from + LANES);
      IntVector low = both.sub(high.lanewise(VectorOperators.LSHL, 16));
      int to = at + from;
      ((FloatVector) low.convert(VectorOperators.I2F, 0))
          .fma(GroupScales.halfs(packed, scale).mul(f), FloatVector.fromArray(FLOATS, y, to))
          .intoArray(y, to);
      ((FloatVector) high.convert(VectorOperators.I2F, 0))
          .fma(
              GroupScales.halfs(packed, scale + 2L * LANES).mul(f),
              FloatVector.fromArray(FLOATS, y, to + LANES))
          .intoArray(y, to + LANES);
    }
  }
}
