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
  private static final int RUNS = 4;
  private static final long LOW_NIBBLES = 0x0f0f0f0f0f0f0f0fL;
  private static final long LOW_PAIRS = 0x0303030303030303L;
  private static final long CENTRES = 0x2020202020202020L;
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
  public void pack(byte[] rows, int rowBytes, int units, float scaling, byte[] target) {
    for (int row = 0; row < LANES; row += Interleaving.ROWS) {
      packRows(rows, row * rowBytes, rowBytes, units, scaling, target, row);
    }
  }

  /** Four rows from {@code row} on. */
  private static void packRows(
      byte[] source, int at, int rowBytes, int units, float scaling, byte[] target, int row) {
    for (int i = 0; i < units; i++) {
      int block = at + i * BLOCK_BYTES;
      int unit = i * UNIT_BYTES;
      for (int k = 0; k < Interleaving.ROWS; k++) {
        int scale = block + k * rowBytes + SCALE;
        Interleaving.scale(source, scale, scaling, target, unit + 2 * (row + k));
      }
      for (int sub = 0; sub < SUBS; sub += 8) {
        int scales = block + SUB_SCALES + sub;
        Interleaving.shorts(
            target,
            unit + SCALES + sub / 2 * PART_BYTES + 2 * row,
            PART_BYTES,
            Interleaving.getLong(source, scales),
            Interleaving.getLong(source, scales + rowBytes),
            Interleaving.getLong(source, scales + 2 * rowBytes),
            Interleaving.getLong(source, scales + 3 * rowBytes));
      }
      for (int half = 0; half < 2; half++) {
        int low = block + half * 64;
        int high = block + HIGH_BITS + half * 32;
        int to = unit + SCALES + half * RUNS * PART_BYTES + PART_SCALES + 2 * row;
        packHalf(source, low, high, rowBytes, target, to);
      }
    }
  }

  /**
   * Each half of a block has four runs of 32 columns: they share 64 bytes of low bits, the later
   * two in the upper nibbles, and 32 bytes of high bits, two bits each.
   */
  private static void packHalf(
      byte[] source, int low, int high, int rowBytes, byte[] target, int to) {
    for (int c = 0; c < 2 * SUB; c += 8) {
      long low0 = Interleaving.getLong(source, low + c);
      long low1 = Interleaving.getLong(source, low + rowBytes + c);
      long low2 = Interleaving.getLong(source, low + 2 * rowBytes + c);
      long low3 = Interleaving.getLong(source, low + 3 * rowBytes + c);
      long next0 = Interleaving.getLong(source, low + 32 + c);
      long next1 = Interleaving.getLong(source, low + 32 + rowBytes + c);
      long next2 = Interleaving.getLong(source, low + 32 + 2 * rowBytes + c);
      long next3 = Interleaving.getLong(source, low + 32 + 3 * rowBytes + c);
      long high0 = Interleaving.getLong(source, high + c);
      long high1 = Interleaving.getLong(source, high + rowBytes + c);
      long high2 = Interleaving.getLong(source, high + 2 * rowBytes + c);
      long high3 = Interleaving.getLong(source, high + 3 * rowBytes + c);
      int at = to + c / 2 * COLUMNS;
      Interleaving.shorts(
          target,
          at,
          COLUMNS,
          weights(low0, high0),
          weights(low1, high1),
          weights(low2, high2),
          weights(low3, high3));
      Interleaving.shorts(
          target,
          at + PART_BYTES,
          COLUMNS,
          weights(next0, high0 >>> 2),
          weights(next1, high1 >>> 2),
          weights(next2, high2 >>> 2),
          weights(next3, high3 >>> 2));
      Interleaving.shorts(
          target,
          at + 2 * PART_BYTES,
          COLUMNS,
          weights(low0 >>> 4, high0 >>> 4),
          weights(low1 >>> 4, high1 >>> 4),
          weights(low2 >>> 4, high2 >>> 4),
          weights(low3 >>> 4, high3 >>> 4));
      Interleaving.shorts(
          target,
          at + 3 * PART_BYTES,
          COLUMNS,
          weights(next0 >>> 4, high0 >>> 6),
          weights(next1 >>> 4, high1 >>> 6),
          weights(next2 >>> 4, high2 >>> 6),
          weights(next3 >>> 4, high3 >>> 6));
    }
  }

  /** Eight weights as bytes: six bits, whose sign is the inverse of their top one. */
  private static long weights(long low, long high) {
    long weights = (low & LOW_NIBBLES | (high & LOW_PAIRS) << 4) ^ CENTRES;
    long signs = weights & CENTRES;
    return weights | signs << 1 | signs << 2;
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
