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
 * without unpacking them, once a flipped sign bit has made them unsigned. Sums are left in memory:
 * whole ints and high halves, a vector of each.
 */
final class Q8_0ChannelSums {
  private static final int PAIRS = 2 * LANES;

  /** The sign of a low half: flipping it adds 2^15. */
  private static final int SIGN = 0x8000;

  /** Scales are read as floats 2^112 too small. */
  private static final float UNIT = 0x1p112f;

  private Q8_0ChannelSums() {}

  /**
   * Leaves the sums of all rows, times their {@link ChannelFactors}, which start from what flipped
   * signs will add to the low halves.
   *
   * @param offset of the first pair of vectors within a row
   */
  static void multiply(MemorySegment packed, ChannelSum rows, int offset, int pairs) {
    long[] places = rows.places;
    int[] factors = rows.factors;
    int[] sums = rows.sums;
    int count = rows.count();
    IntVector start = IntVector.broadcast(INTS, -SIGN * (count / 2));
    for (int j = 0; j < pairs; j++) {
      long pair = offset + (long) j * PAIRS;
      IntVector both = start;
      IntVector high = IntVector.zero(INTS);
      for (int i = 0; i < count; i += 2) {
        IntVector products =
            ((ShortVector)
                    ByteVector.fromMemorySegment(
                            BYTE_PAIRS, packed, places[i] + pair, LITTLE_ENDIAN)
                        .convertShape(VectorOperators.B2S, SHORT_PAIRS, 0))
                .mul(IntVector.fromArray(INTS, factors, i * LANES).reinterpretAsShorts())
                .add(
                    ((ShortVector)
                            ByteVector.fromMemorySegment(
                                    BYTE_PAIRS, packed, places[i + 1] + pair, LITTLE_ENDIAN)
                                .convertShape(VectorOperators.B2S, SHORT_PAIRS, 0))
                        .mul(
                            IntVector.fromArray(INTS, factors, (i + 1) * LANES)
                                .reinterpretAsShorts()))
                .reinterpretAsInts()
                .lanewise(VectorOperators.XOR, SIGN);
        both = both.add(products);
        high = high.add(products.lanewise(VectorOperators.ASHR, 16));
      }
      both.intoArray(sums, j * PAIRS);
      high.intoArray(sums, j * PAIRS + LANES);
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
