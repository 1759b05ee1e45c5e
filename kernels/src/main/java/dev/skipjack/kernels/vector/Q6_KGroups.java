package dev.skipjack.kernels.vector;

import static dev.skipjack.kernels.vector.Species.BYTE_PAIRS;
import static dev.skipjack.kernels.vector.Species.FLOATS;
import static dev.skipjack.kernels.vector.Species.INTS;
import static dev.skipjack.kernels.vector.Species.LANES;
import static dev.skipjack.kernels.vector.Species.SHORTS;
import static dev.skipjack.kernels.vector.Species.SHORT_PAIRS;
import static java.nio.ByteOrder.LITTLE_ENDIAN;

import dev.skipjack.kernels.Activations;
import dev.skipjack.kernels.support.RowGroups;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import jdk.incubator.vector.ByteVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.ShortVector;
import jdk.incubator.vector.VectorOperators;

/**
 * Q6_K by groups of rows. A unit of 256 columns is {@code f16 d[lanes]}, then for each 16 columns
 * {@code i8 scale[lanes]; i8 q[8][lanes][2]}: pairs of neighbouring columns, each weight widened to
 * a byte.
 *
 * <p>One token is multiplied in 16-bit integers: eight products of a weight within 32 and an input
 * within 127 stay within 32512.
 */
final class Q6_KGroups implements RowGroups {
  private static final int BLOCK = 256;
  private static final int BLOCK_BYTES = 210;
  private static final int HIGH_BITS = 128;
  private static final int SUB_SCALES = 192;
  private static final int SCALE = 208;
  private static final int SUB = 16;
  private static final int SUBS = BLOCK / SUB;
  private static final int CENTRE = 32;
  private static final int SCALES = 2 * LANES;
  private static final int COLUMNS = 2 * LANES;
  private static final int SUB_BYTES = SUB / 2 * COLUMNS;
  private static final int PART_SCALES = 2 * LANES;
  private static final int PART_BYTES = PART_SCALES + 2 * SUB_BYTES;
  private static final int UNIT_BYTES = SCALES + SUBS / 2 * PART_BYTES;

  /** Scales are read as floats 2^112 too small. */
  private static final float SCALE_UNIT = 0x1p112f;

  @Override
  public int lanes() {
    return LANES;
  }

  @Override
  public long unitBytes() {
    return UNIT_BYTES;
  }

  @Override
  public float largestScale(MemorySegment source, long at, int units) {
    return GroupScales.largest(source, at + SCALE, units, BLOCK_BYTES);
  }

  @Override
  public void pack(
      MemorySegment source,
      long at,
      long rowBytes,
      int rows,
      int units,
      float scaling,
      MemorySegment target,
      long to) {
    for (int row = 0; row < rows; row++) {
      long block = at + row * rowBytes;
      long unit = to;
      for (int i = 0; i < units; i++, block += BLOCK_BYTES, unit += UNIT_BYTES) {
        GroupScales.copy(source, block + SCALE, scaling, target, unit + 2 * row);
        for (int sub = 0; sub < SUBS; sub++) {
          long part = unit + SCALES + sub / 2 * PART_BYTES;
          byte scale = source.get(ValueLayout.JAVA_BYTE, block + SUB_SCALES + sub);
          target.set(ValueLayout.JAVA_BYTE, part + 2 * row + sub % 2, scale);
          packSub(source, block, sub, target, part + PART_SCALES + sub % 2 * SUB_BYTES + 2 * row);
        }
      }
    }
  }

  /**
   * Each half of a block has four runs of 32 columns: they share 64 bytes of low bits, the later
   * two in the upper nibbles, and 32 bytes of high bits, two bits each.
   */
  private static void packSub(
      MemorySegment source, long block, int sub, MemorySegment target, long to) {
    int half = sub / 8;
    int run = sub % 8 / 2;
    int from = sub % 2 * SUB;
    long low = block + half * 64 + run % 2 * 32 + from;
    long high = block + HIGH_BITS + half * 32 + from;
    int shift = run / 2 * 4;
    for (int c = 0; c < SUB; c++) {
      int nibble = source.get(ValueLayout.JAVA_BYTE, low + c) >> shift & 15;
      int top = source.get(ValueLayout.JAVA_BYTE, high + c) >> 2 * run & 3;
      byte weight = (byte) ((nibble | top << 4) - CENTRE);
      target.set(ValueLayout.JAVA_BYTE, to + c / 2 * COLUMNS + c % 2, weight);
    }
  }

  @Override
  public void multiply(
      MemorySegment packed,
      long at,
      long groupBytes,
      int units,
      Activations x,
      int token,
      float factor,
      float[] y,
      int yAt) {
    Arrays.fill(y, yAt, yAt + ABREAST * LANES, 0);
    accumulate(
        packed,
        at,
        groupBytes,
        units,
        x.pairs(),
        x.scales(),
        token * x.blocks(),
        factor * SCALE_UNIT,
        y,
        yAt);
  }

  /** Short loops without helpers: C2 keeps the vectors of those in registers. */
  private static void accumulate(
      MemorySegment packed,
      long at,
      long groupBytes,
      int units,
      int[] q,
      float[] scales,
      int block,
      float factor,
      float[] y,
      int yAt) {
    for (int n = 0; n < units * SUBS; n++) {
      long unit0 = at + n / SUBS * (long) UNIT_BYTES;
      long unit1 = at + n / SUBS * (long) UNIT_BYTES + groupBytes;
      long unit2 = at + n / SUBS * (long) UNIT_BYTES + 2 * groupBytes;
      long unit3 = at + n / SUBS * (long) UNIT_BYTES + 3 * groupBytes;
      long part0 = unit0 + SCALES + n % SUBS / 2 * PART_BYTES;
      long part1 = unit1 + SCALES + n % SUBS / 2 * PART_BYTES;
      long part2 = unit2 + SCALES + n % SUBS / 2 * PART_BYTES;
      long part3 = unit3 + SCALES + n % SUBS / 2 * PART_BYTES;
      long pairs0 = part0 + PART_SCALES + n % 2 * SUB_BYTES;
      long pairs1 = part1 + PART_SCALES + n % 2 * SUB_BYTES;
      long pairs2 = part2 + PART_SCALES + n % 2 * SUB_BYTES;
      long pairs3 = part3 + PART_SCALES + n % 2 * SUB_BYTES;
      int own = n % 2 == 0 ? 16 : 0;
      int k = block * (Activations.BLOCK / 2) + n * (SUB / 2);
      ShortVector sum0 = ShortVector.zero(SHORT_PAIRS);
      ShortVector sum1 = sum0;
      ShortVector sum2 = sum0;
      ShortVector sum3 = sum0;
      for (int j = 0; j < SUB / 2; j++) {
        ShortVector inputs = IntVector.broadcast(INTS, q[k + j]).reinterpretAsShorts();
        sum0 =
            ((ShortVector)
                    ByteVector.fromMemorySegment(
                            BYTE_PAIRS, packed, pairs0 + j * COLUMNS, LITTLE_ENDIAN)
                        .convertShape(VectorOperators.B2S, SHORT_PAIRS, 0))
                .mul(inputs)
                .add(sum0);
        sum1 =
            ((ShortVector)
                    ByteVector.fromMemorySegment(
                            BYTE_PAIRS, packed, pairs1 + j * COLUMNS, LITTLE_ENDIAN)
                        .convertShape(VectorOperators.B2S, SHORT_PAIRS, 0))
                .mul(inputs)
                .add(sum1);
        sum2 =
            ((ShortVector)
                    ByteVector.fromMemorySegment(
                            BYTE_PAIRS, packed, pairs2 + j * COLUMNS, LITTLE_ENDIAN)
                        .convertShape(VectorOperators.B2S, SHORT_PAIRS, 0))
                .mul(inputs)
                .add(sum2);
        sum3 =
            ((ShortVector)
                    ByteVector.fromMemorySegment(
                            BYTE_PAIRS, packed, pairs3 + j * COLUMNS, LITTLE_ENDIAN)
                        .convertShape(VectorOperators.B2S, SHORT_PAIRS, 0))
                .mul(inputs)
                .add(sum3);
      }
      float input = scales[block + n / 2] * factor;
      IntVector v;
      FloatVector scale;
      v =
          ((ShortVector)
                  ByteVector.fromMemorySegment(BYTE_PAIRS, packed, part0, LITTLE_ENDIAN)
                      .convertShape(VectorOperators.B2S, SHORT_PAIRS, 0))
              .reinterpretAsInts()
              .lanewise(VectorOperators.LSHL, own)
              .lanewise(VectorOperators.ASHR, 16);
      scale = (FloatVector) v.convert(VectorOperators.I2F, 0);
      scale =
          ((IntVector)
                  ShortVector.fromMemorySegment(SHORTS, packed, unit0, LITTLE_ENDIAN)
                      .convertShape(VectorOperators.S2I, INTS, 0))
              .lanewise(VectorOperators.LSHL, 13)
              .and(0x8fffe000)
              .reinterpretAsFloats()
              .mul(input)
              .mul(scale);
      v = sum0.reinterpretAsInts();
      v =
          v.lanewise(VectorOperators.LSHL, 16)
              .lanewise(VectorOperators.ASHR, 16)
              .add(v.lanewise(VectorOperators.ASHR, 16));
      ((FloatVector) v.convert(VectorOperators.I2F, 0))
          .fma(scale, FloatVector.fromArray(FLOATS, y, yAt))
          .intoArray(y, yAt);
      v =
          ((ShortVector)
                  ByteVector.fromMemorySegment(BYTE_PAIRS, packed, part1, LITTLE_ENDIAN)
                      .convertShape(VectorOperators.B2S, SHORT_PAIRS, 0))
              .reinterpretAsInts()
              .lanewise(VectorOperators.LSHL, own)
              .lanewise(VectorOperators.ASHR, 16);
      scale = (FloatVector) v.convert(VectorOperators.I2F, 0);
      scale =
          ((IntVector)
                  ShortVector.fromMemorySegment(SHORTS, packed, unit1, LITTLE_ENDIAN)
                      .convertShape(VectorOperators.S2I, INTS, 0))
              .lanewise(VectorOperators.LSHL, 13)
              .and(0x8fffe000)
              .reinterpretAsFloats()
              .mul(input)
              .mul(scale);
      v = sum1.reinterpretAsInts();
      v =
          v.lanewise(VectorOperators.LSHL, 16)
              .lanewise(VectorOperators.ASHR, 16)
              .add(v.lanewise(VectorOperators.ASHR, 16));
      ((FloatVector) v.convert(VectorOperators.I2F, 0))
          .fma(scale, FloatVector.fromArray(FLOATS, y, yAt + LANES))
          .intoArray(y, yAt + LANES);
      v =
          ((ShortVector)
                  ByteVector.fromMemorySegment(BYTE_PAIRS, packed, part2, LITTLE_ENDIAN)
                      .convertShape(VectorOperators.B2S, SHORT_PAIRS, 0))
              .reinterpretAsInts()
              .lanewise(VectorOperators.LSHL, own)
              .lanewise(VectorOperators.ASHR, 16);
      scale = (FloatVector) v.convert(VectorOperators.I2F, 0);
      scale =
          ((IntVector)
                  ShortVector.fromMemorySegment(SHORTS, packed, unit2, LITTLE_ENDIAN)
                      .convertShape(VectorOperators.S2I, INTS, 0))
              .lanewise(VectorOperators.LSHL, 13)
              .and(0x8fffe000)
              .reinterpretAsFloats()
              .mul(input)
              .mul(scale);
      v = sum2.reinterpretAsInts();
      v =
          v.lanewise(VectorOperators.LSHL, 16)
              .lanewise(VectorOperators.ASHR, 16)
              .add(v.lanewise(VectorOperators.ASHR, 16));
      ((FloatVector) v.convert(VectorOperators.I2F, 0))
          .fma(scale, FloatVector.fromArray(FLOATS, y, yAt + 2 * LANES))
          .intoArray(y, yAt + 2 * LANES);
      v =
          ((ShortVector)
                  ByteVector.fromMemorySegment(BYTE_PAIRS, packed, part3, LITTLE_ENDIAN)
                      .convertShape(VectorOperators.B2S, SHORT_PAIRS, 0))
              .reinterpretAsInts()
              .lanewise(VectorOperators.LSHL, own)
              .lanewise(VectorOperators.ASHR, 16);
      scale = (FloatVector) v.convert(VectorOperators.I2F, 0);
      scale =
          ((IntVector)
                  ShortVector.fromMemorySegment(SHORTS, packed, unit3, LITTLE_ENDIAN)
                      .convertShape(VectorOperators.S2I, INTS, 0))
              .lanewise(VectorOperators.LSHL, 13)
              .and(0x8fffe000)
              .reinterpretAsFloats()
              .mul(input)
              .mul(scale);
      v = sum3.reinterpretAsInts();
      v =
          v.lanewise(VectorOperators.LSHL, 16)
              .lanewise(VectorOperators.ASHR, 16)
              .add(v.lanewise(VectorOperators.ASHR, 16));
      ((FloatVector) v.convert(VectorOperators.I2F, 0))
          .fma(scale, FloatVector.fromArray(FLOATS, y, yAt + 3 * LANES))
          .intoArray(y, yAt + 3 * LANES);
    }
  }

  @Override
  public void decode(
      MemorySegment packed, long at, int units, float factor, float[] out, int to, int stride) {
    for (int i = 0; i < units * SUBS; i++) {
      long unit = at + i / SUBS * (long) UNIT_BYTES;
      long part = unit + SCALES + i % SUBS / 2 * PART_BYTES;
      FloatVector scales = i % 2 == 0 ? BytePairs.low(packed, part) : BytePairs.high(packed, part);
      FloatVector scale = GroupScales.halfs(packed, unit).mul(factor * SCALE_UNIT).mul(scales);
      for (int j = 0; j < SUB / 2; j++) {
        long pair = part + PART_SCALES + i % 2 * SUB_BYTES + j * COLUMNS;
        BytePairs.write(packed, pair, scale, out, to + (i * SUB + 2 * j) * stride, stride);
      }
    }
  }
}
