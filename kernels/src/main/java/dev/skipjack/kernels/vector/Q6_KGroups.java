package dev.skipjack.kernels.vector;

import static dev.skipjack.kernels.vector.Species.BYTE_PAIRS;
import static dev.skipjack.kernels.vector.Species.FLOATS;
import static dev.skipjack.kernels.vector.Species.INTS;
import static dev.skipjack.kernels.vector.Species.LANES;
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
  private static final int SUB_BYTES = LANES + SUB / 2 * COLUMNS;
  private static final int UNIT_BYTES = SCALES + SUBS * SUB_BYTES;

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
          long part = unit + SCALES + sub * SUB_BYTES;
          byte scale = source.get(ValueLayout.JAVA_BYTE, block + SUB_SCALES + sub);
          target.set(ValueLayout.JAVA_BYTE, part + row, scale);
          packSub(source, block, sub, target, part + LANES + 2 * row);
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
      int logGroups,
      int units,
      Activations x,
      int token,
      float factor,
      float[] y,
      int yAt) {
    Arrays.fill(y, yAt, yAt + (LANES << logGroups), 0);
    accumulate(
        packed,
        at,
        groupBytes,
        logGroups,
        units,
        x.pairs(),
        x.scales(),
        token * x.blocks(),
        factor * SCALE_UNIT,
        y,
        yAt);
  }

  /** Without helpers after the first lines: C2 inlines no more of them among so many vectors. */
  private static void accumulate(
      MemorySegment packed,
      long at,
      long groupBytes,
      int logGroups,
      int units,
      int[] q,
      float[] scales,
      int block,
      float factor,
      float[] y,
      int yAt) {
    int mask = (1 << logGroups) - 1;
    for (int n = 0; n < units * SUBS << logGroups; n++) {
      int sub = n >> logGroups;
      int group = n & mask;
      long unit = at + group * groupBytes + sub / SUBS * (long) UNIT_BYTES;
      long part = unit + SCALES + sub % SUBS * SUB_BYTES;
      FloatVector scale = GroupScales.halfs(packed, unit).mul(Lanes.bytes(packed, part));
      long pairs = part + LANES;
      int k = block * (Activations.BLOCK / 2) + sub * (SUB / 2);
      ShortVector even = ShortVector.zero(SHORT_PAIRS);
      ShortVector odd = even;
      even =
          ((ShortVector)
                  ByteVector.fromMemorySegment(BYTE_PAIRS, packed, pairs, LITTLE_ENDIAN)
                      .convertShape(VectorOperators.B2S, SHORT_PAIRS, 0))
              .mul(IntVector.broadcast(INTS, q[k]).reinterpretAsShorts())
              .add(even);
      odd =
          ((ShortVector)
                  ByteVector.fromMemorySegment(
                          BYTE_PAIRS, packed, pairs + 1 * COLUMNS, LITTLE_ENDIAN)
                      .convertShape(VectorOperators.B2S, SHORT_PAIRS, 0))
              .mul(IntVector.broadcast(INTS, q[k + 1]).reinterpretAsShorts())
              .add(odd);
      even =
          ((ShortVector)
                  ByteVector.fromMemorySegment(
                          BYTE_PAIRS, packed, pairs + 2 * COLUMNS, LITTLE_ENDIAN)
                      .convertShape(VectorOperators.B2S, SHORT_PAIRS, 0))
              .mul(IntVector.broadcast(INTS, q[k + 2]).reinterpretAsShorts())
              .add(even);
      odd =
          ((ShortVector)
                  ByteVector.fromMemorySegment(
                          BYTE_PAIRS, packed, pairs + 3 * COLUMNS, LITTLE_ENDIAN)
                      .convertShape(VectorOperators.B2S, SHORT_PAIRS, 0))
              .mul(IntVector.broadcast(INTS, q[k + 3]).reinterpretAsShorts())
              .add(odd);
      even =
          ((ShortVector)
                  ByteVector.fromMemorySegment(
                          BYTE_PAIRS, packed, pairs + 4 * COLUMNS, LITTLE_ENDIAN)
                      .convertShape(VectorOperators.B2S, SHORT_PAIRS, 0))
              .mul(IntVector.broadcast(INTS, q[k + 4]).reinterpretAsShorts())
              .add(even);
      odd =
          ((ShortVector)
                  ByteVector.fromMemorySegment(
                          BYTE_PAIRS, packed, pairs + 5 * COLUMNS, LITTLE_ENDIAN)
                      .convertShape(VectorOperators.B2S, SHORT_PAIRS, 0))
              .mul(IntVector.broadcast(INTS, q[k + 5]).reinterpretAsShorts())
              .add(odd);
      even =
          ((ShortVector)
                  ByteVector.fromMemorySegment(
                          BYTE_PAIRS, packed, pairs + 6 * COLUMNS, LITTLE_ENDIAN)
                      .convertShape(VectorOperators.B2S, SHORT_PAIRS, 0))
              .mul(IntVector.broadcast(INTS, q[k + 6]).reinterpretAsShorts())
              .add(even);
      odd =
          ((ShortVector)
                  ByteVector.fromMemorySegment(
                          BYTE_PAIRS, packed, pairs + 7 * COLUMNS, LITTLE_ENDIAN)
                      .convertShape(VectorOperators.B2S, SHORT_PAIRS, 0))
              .mul(IntVector.broadcast(INTS, q[k + 7]).reinterpretAsShorts())
              .add(odd);
      IntVector v = even.add(odd).reinterpretAsInts();
      v =
          v.lanewise(VectorOperators.LSHL, 16)
              .lanewise(VectorOperators.ASHR, 16)
              .add(v.lanewise(VectorOperators.ASHR, 16));
      FloatVector sum = (FloatVector) v.convert(VectorOperators.I2F, 0);
      int to = yAt + group * LANES;
      sum.fma(scale.mul(scales[block + sub / 2] * factor), FloatVector.fromArray(FLOATS, y, to))
          .intoArray(y, to);
    }
  }

  @Override
  public void decode(
      MemorySegment packed, long at, int units, float factor, float[] out, int to, int stride) {
    for (int i = 0; i < units * SUBS; i++) {
      long unit = at + i / SUBS * (long) UNIT_BYTES;
      long part = unit + SCALES + i % SUBS * SUB_BYTES;
      FloatVector scale =
          GroupScales.halfs(packed, unit).mul(factor * SCALE_UNIT).mul(Lanes.bytes(packed, part));
      for (int j = 0; j < SUB / 2; j++) {
        long pair = part + LANES + j * COLUMNS;
        BytePairs.write(packed, pair, scale, out, to + (i * SUB + 2 * j) * stride, stride);
      }
    }
  }
}
