package dev.skipjack.kernels.vector;

import static dev.skipjack.kernels.vector.Species.BYTE_PAIRS;
import static dev.skipjack.kernels.vector.Species.FLOATS;
import static dev.skipjack.kernels.vector.Species.INTS;
import static dev.skipjack.kernels.vector.Species.LANES;
import static dev.skipjack.kernels.vector.Species.SHORT_PAIRS;
import static java.nio.ByteOrder.LITTLE_ENDIAN;

import dev.skipjack.kernels.Activations;
import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.ByteVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.ShortVector;
import jdk.incubator.vector.VectorOperators;

/**
 * Products of {@link Q5_KGroups} with one token, in 16-bit integers: the lower four bits of 32
 * columns as in {@link Q4_0Groups}, and beside them the fifth ones, whose sum counts 16 times.
 *
 * <p>Two groups side by side, not as many as are {@linkplain Q5_KGroups#ABREAST abreast}: what four
 * take is more than C2 inlines into one method where vectors check their bounds, and what it leaves
 * out boxes its vectors.
 */
final class Q5_KProducts {
  /** Groups that {@link #addTo} multiplies. */
  static final int GROUPS = 2;

  private static final int CENTRE = 8;
  private static final int BIT_PAIR = 0x00010001;

  private Q5_KProducts() {}

  /**
   * Adds the products of {@value #GROUPS} groups that are {@code groupBytes} apart to {@code y}
   * from {@code yAt} on. Short loops without helpers: C2 keeps the vectors of those in registers.
   */
  static void addTo(
      MemorySegment packed,
      long at,
      long groupBytes,
      int units,
      Activations x,
      int token,
      float factor,
      float[] y,
      int yAt) {
    int[] q = x.nibbles(token);
    int[] pairs = x.pairs(token);
    float[] scales = x.scales();
    short[] sums = x.sums();
    int first = token * x.blocks();
    for (int unit = 0; unit < units; unit++) {
      long unit0 = at + unit * (long) Q5_KGroups.UNIT_BYTES;
      long unit1 = unit0 + groupBytes;
      IntVector v = IntVector.fromMemorySegment(INTS, packed, unit0, LITTLE_ENDIAN);
      FloatVector scale0 =
          v.lanewise(VectorOperators.LSHL, 16)
              .lanewise(VectorOperators.ASHR, 3)
              .and(0x8fffe000)
              .reinterpretAsFloats();
      FloatVector min0 = v.lanewise(VectorOperators.ASHR, 3).and(0x8fffe000).reinterpretAsFloats();
      v = IntVector.fromMemorySegment(INTS, packed, unit1, LITTLE_ENDIAN);
      FloatVector scale1 =
          v.lanewise(VectorOperators.LSHL, 16)
              .lanewise(VectorOperators.ASHR, 3)
              .and(0x8fffe000)
              .reinterpretAsFloats();
      FloatVector min1 = v.lanewise(VectorOperators.ASHR, 3).and(0x8fffe000).reinterpretAsFloats();
      for (int sub = 0; sub < Q5_KGroups.SUBS; sub++) {
        int block = first + unit * Q5_KGroups.SUBS + sub;
        int k = block * (Q5_KGroups.SUB / 2);
        long part0 = unit0 + Q5_KGroups.SCALES + sub * Q5_KGroups.SUB_BYTES;
        long part1 = unit1 + Q5_KGroups.SCALES + sub * Q5_KGroups.SUB_BYTES;
        ShortVector sum0 =
            IntVector.broadcast(INTS, -CENTRE * sums[block] & 0xffff).reinterpretAsShorts();
        ShortVector sum1 = sum0;
        for (int j = 0; j < 4; j++) {
          IntVector word0 =
              IntVector.fromMemorySegment(
                  INTS,
                  packed,
                  part0 + Q5_KGroups.SUB_SCALES + j * Q5_KGroups.WORDS,
                  LITTLE_ENDIAN);
          IntVector word1 =
              IntVector.fromMemorySegment(
                  INTS,
                  packed,
                  part1 + Q5_KGroups.SUB_SCALES + j * Q5_KGroups.WORDS,
                  LITTLE_ENDIAN);
          ShortVector f = IntVector.broadcast(INTS, q[k + 4 * j]).reinterpretAsShorts();
          sum0 = word0.reinterpretAsShorts().mul(f).add(sum0);
          sum1 = word1.reinterpretAsShorts().mul(f).add(sum1);
          f = IntVector.broadcast(INTS, q[k + 4 * j + 1]).reinterpretAsShorts();
          sum0 = word0.lanewise(VectorOperators.LSHR, 4).reinterpretAsShorts().mul(f).add(sum0);
          sum1 = word1.lanewise(VectorOperators.LSHR, 4).reinterpretAsShorts().mul(f).add(sum1);
          f = IntVector.broadcast(INTS, q[k + 4 * j + 2]).reinterpretAsShorts();
          sum0 = word0.lanewise(VectorOperators.LSHR, 8).reinterpretAsShorts().mul(f).add(sum0);
          sum1 = word1.lanewise(VectorOperators.LSHR, 8).reinterpretAsShorts().mul(f).add(sum1);
          f = IntVector.broadcast(INTS, q[k + 4 * j + 3]).reinterpretAsShorts();
          sum0 = word0.lanewise(VectorOperators.LSHR, 12).reinterpretAsShorts().mul(f).add(sum0);
          sum1 = word1.lanewise(VectorOperators.LSHR, 12).reinterpretAsShorts().mul(f).add(sum1);
        }
        IntVector bits0 =
            IntVector.fromMemorySegment(
                INTS, packed, part0 + Q5_KGroups.FIFTH_WORDS, LITTLE_ENDIAN);
        IntVector bits1 =
            IntVector.fromMemorySegment(
                INTS, packed, part1 + Q5_KGroups.FIFTH_WORDS, LITTLE_ENDIAN);
        ShortVector fifth0 = ShortVector.zero(SHORT_PAIRS);
        ShortVector fifth1 = fifth0;
        for (int j = 0; j < Q5_KGroups.SUB / 2; j++) {
          ShortVector f = IntVector.broadcast(INTS, pairs[k + j]).reinterpretAsShorts();
          fifth0 = bits0.and(BIT_PAIR).reinterpretAsShorts().mul(f).add(fifth0);
          fifth1 = bits1.and(BIT_PAIR).reinterpretAsShorts().mul(f).add(fifth1);
          bits0 = bits0.lanewise(VectorOperators.LSHR, 1);
          bits1 = bits1.lanewise(VectorOperators.LSHR, 1);
        }
        float input = scales[block] * factor;
        float centre = CENTRE * sums[block];
        float total = sums[block] * input;
        // Six bits in the low half scale the weights, six in the high half their minima.
        IntVector six =
            ((ShortVector)
                    ByteVector.fromMemorySegment(BYTE_PAIRS, packed, part0, LITTLE_ENDIAN)
                        .convertShape(VectorOperators.B2S, SHORT_PAIRS, 0))
                .reinterpretAsInts();
        FloatVector scale =
            scale0.mul(input).mul((FloatVector) six.and(0xffff).convert(VectorOperators.I2F, 0));
        six = six.lanewise(VectorOperators.ASHR, 16);
        FloatVector min = min0.mul(total).mul((FloatVector) six.convert(VectorOperators.I2F, 0));
        IntVector low = sum0.reinterpretAsInts();
        low = low.lanewise(VectorOperators.LSHL, 16).add(low).lanewise(VectorOperators.ASHR, 16);
        IntVector high = fifth0.reinterpretAsInts();
        high = high.lanewise(VectorOperators.LSHL, 16).add(high).and(0xffff0000);
        low = low.add(high.lanewise(VectorOperators.ASHR, 12));
        ((FloatVector) low.convert(VectorOperators.I2F, 0))
            .add(centre)
            .fma(scale, FloatVector.fromArray(FLOATS, y, yAt))
            .sub(min)
            .intoArray(y, yAt);
        six =
            ((ShortVector)
                    ByteVector.fromMemorySegment(BYTE_PAIRS, packed, part1, LITTLE_ENDIAN)
                        .convertShape(VectorOperators.B2S, SHORT_PAIRS, 0))
                .reinterpretAsInts();
        scale =
            scale1.mul(input).mul((FloatVector) six.and(0xffff).convert(VectorOperators.I2F, 0));
        six = six.lanewise(VectorOperators.ASHR, 16);
        min = min1.mul(total).mul((FloatVector) six.convert(VectorOperators.I2F, 0));
        low = sum1.reinterpretAsInts();
        low = low.lanewise(VectorOperators.LSHL, 16).add(low).lanewise(VectorOperators.ASHR, 16);
        high = fifth1.reinterpretAsInts();
        high = high.lanewise(VectorOperators.LSHL, 16).add(high).and(0xffff0000);
        low = low.add(high.lanewise(VectorOperators.ASHR, 12));
        ((FloatVector) low.convert(VectorOperators.I2F, 0))
            .add(centre)
            .fma(scale, FloatVector.fromArray(FLOATS, y, yAt + LANES))
            .sub(min)
            .intoArray(y, yAt + LANES);
      }
    }
  }
}
