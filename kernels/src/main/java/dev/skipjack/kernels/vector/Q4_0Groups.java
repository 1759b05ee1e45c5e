package dev.skipjack.kernels.vector;

import static dev.skipjack.kernels.vector.Species.FLOATS;
import static dev.skipjack.kernels.vector.Species.INTS;
import static dev.skipjack.kernels.vector.Species.LANES;
import static dev.skipjack.kernels.vector.Species.SHORTS;
import static java.nio.ByteOrder.LITTLE_ENDIAN;

import dev.skipjack.kernels.Activations;
import dev.skipjack.kernels.support.BlockPanel;
import dev.skipjack.kernels.support.BlockPanelGroups;
import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.ShortVector;
import jdk.incubator.vector.VectorOperators;

/**
 * Q4_0 by groups of rows. Two units of 32 columns are {@code f16 d[2][lanes]; u32 q[2][4][lanes]}:
 * word j of a row holds the nibbles of bytes 4j to 4j + 3 of its block, as the file has them. So no
 * vector crosses a cache line.
 *
 * <p>One token is multiplied in 16-bit integers. Words are never masked: the factors of {@link
 * Activations#nibbles} cancel, modulo 2^16, what the neighbours of a weight contribute, and the
 * centre 8 times the sum of the quants comes off at the start. The true sum {@code sum (q - 8) x}
 * of 32 products stays within 8 * 127 * 32 = 32512, so nothing is lost.
 */
final class Q4_0Groups implements BlockPanelGroups {
  private static final int BLOCK = 32;
  private static final int BLOCK_BYTES = 18;
  private static final int QUANTS = 2;
  static final int SCALES = 2 * LANES;
  static final int WORDS = 4 * LANES;
  private static final int PAIR_BYTES = 2 * (SCALES + 4 * WORDS);
  private static final int CENTRE = 8;

  /** No array is longer than this, and no row has more units: see {@link VectorBlockPanels}. */
  private static final int INDEX = 0x0fffffff;

  private static final int COUNT = 0xffff;

  /** Scales are read as floats 2^112 too small, sums as integers 2^16 too large. */
  private static final float SCALE_UNIT = 0x1p112f;

  private static final float SUM_UNIT = 0x1p-16f;

  /** Where the scales of a unit are in its group. */
  static long scales(int unit) {
    return (unit >> 1) * (long) PAIR_BYTES + (unit & 1) * SCALES;
  }

  /** Where the words of a unit are. */
  static long words(int unit) {
    return (unit >> 1) * (long) PAIR_BYTES + 2 * SCALES + (unit & 1) * 4 * WORDS;
  }

  @Override
  public int lanes() {
    return LANES;
  }

  @Override
  public long unitBytes(int units) {
    return Math.ceilDiv(units, 2) * (long) PAIR_BYTES;
  }

  @Override
  public float largestScale(MemorySegment source, long at, int units) {
    return GroupScales.largest(source, at, units, BLOCK_BYTES);
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
      int scales = (int) scales(i);
      for (int k = 0; k < Interleaving.ROWS; k++) {
        Interleaving.scale(source, block + k * rowBytes, scaling, target, scales + 2 * (row + k));
      }
      for (int j = 0; j < 4; j += 2) {
        int quants = block + QUANTS + 4 * j;
        int words = (int) words(i) + j * WORDS + 4 * row;
        Interleaving.ints(
            target,
            words,
            WORDS,
            Interleaving.getLong(source, quants),
            Interleaving.getLong(source, quants + rowBytes));
        Interleaving.ints(
            target,
            words + 8,
            WORDS,
            Interleaving.getLong(source, quants + 2 * rowBytes),
            Interleaving.getLong(source, quants + 3 * rowBytes));
      }
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
    accumulate(
        packed,
        at,
        groupBytes,
        units,
        x.nibbles(token),
        x.scales(),
        x.sums(),
        token * x.blocks(),
        factor * SCALE_UNIT * SUM_UNIT,
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
      short[] sums,
      int block,
      float factor,
      float[] y,
      int yAt) {
    FloatVector total0 = FloatVector.zero(FLOATS);
    FloatVector total1 = total0;
    FloatVector total2 = total0;
    FloatVector total3 = total0;
    int end = units & COUNT;
    int first = block & INDEX;
    for (int i = 0; i < end; i++) {
      long scale = at + scales(i);
      long words = at + words(i);
      int k = (first + i) * (BLOCK / 2) & INDEX;
      ShortVector sum0 =
          IntVector.broadcast(INTS, -CENTRE * sums[first + i] & 0xffff).reinterpretAsShorts();
      ShortVector sum1 = sum0;
      ShortVector sum2 = sum0;
      ShortVector sum3 = sum0;
      for (int j = 0; j < 4; j++) {
        IntVector word0 =
            IntVector.fromMemorySegment(INTS, packed, words + j * WORDS, LITTLE_ENDIAN);
        IntVector word1 =
            IntVector.fromMemorySegment(
                INTS, packed, words + groupBytes + j * WORDS, LITTLE_ENDIAN);
        IntVector word2 =
            IntVector.fromMemorySegment(
                INTS, packed, words + 2 * groupBytes + j * WORDS, LITTLE_ENDIAN);
        IntVector word3 =
            IntVector.fromMemorySegment(
                INTS, packed, words + 3 * groupBytes + j * WORDS, LITTLE_ENDIAN);
        ShortVector f = IntVector.broadcast(INTS, q[k + 4 * j]).reinterpretAsShorts();
        sum0 = word0.reinterpretAsShorts().mul(f).add(sum0);
        sum1 = word1.reinterpretAsShorts().mul(f).add(sum1);
        sum2 = word2.reinterpretAsShorts().mul(f).add(sum2);
        sum3 = word3.reinterpretAsShorts().mul(f).add(sum3);
        f = IntVector.broadcast(INTS, q[k + 4 * j + 1]).reinterpretAsShorts();
        sum0 = word0.lanewise(VectorOperators.LSHR, 4).reinterpretAsShorts().mul(f).add(sum0);
        sum1 = word1.lanewise(VectorOperators.LSHR, 4).reinterpretAsShorts().mul(f).add(sum1);
        sum2 = word2.lanewise(VectorOperators.LSHR, 4).reinterpretAsShorts().mul(f).add(sum2);
        sum3 = word3.lanewise(VectorOperators.LSHR, 4).reinterpretAsShorts().mul(f).add(sum3);
        f = IntVector.broadcast(INTS, q[k + 4 * j + 2]).reinterpretAsShorts();
        sum0 = word0.lanewise(VectorOperators.LSHR, 8).reinterpretAsShorts().mul(f).add(sum0);
        sum1 = word1.lanewise(VectorOperators.LSHR, 8).reinterpretAsShorts().mul(f).add(sum1);
        sum2 = word2.lanewise(VectorOperators.LSHR, 8).reinterpretAsShorts().mul(f).add(sum2);
        sum3 = word3.lanewise(VectorOperators.LSHR, 8).reinterpretAsShorts().mul(f).add(sum3);
        f = IntVector.broadcast(INTS, q[k + 4 * j + 3]).reinterpretAsShorts();
        sum0 = word0.lanewise(VectorOperators.LSHR, 12).reinterpretAsShorts().mul(f).add(sum0);
        sum1 = word1.lanewise(VectorOperators.LSHR, 12).reinterpretAsShorts().mul(f).add(sum1);
        sum2 = word2.lanewise(VectorOperators.LSHR, 12).reinterpretAsShorts().mul(f).add(sum2);
        sum3 = word3.lanewise(VectorOperators.LSHR, 12).reinterpretAsShorts().mul(f).add(sum3);
      }
      float input = scales[first + i] * factor;
      IntVector v = sum0.reinterpretAsInts();
      v = v.lanewise(VectorOperators.LSHL, 16).add(v).and(0xffff0000);
      total0 =
          ((FloatVector) v.convert(VectorOperators.I2F, 0))
              .fma(
                  ((IntVector)
                          ShortVector.fromMemorySegment(SHORTS, packed, scale, LITTLE_ENDIAN)
                              .convertShape(VectorOperators.S2I, INTS, 0))
                      .lanewise(VectorOperators.LSHL, 13)
                      .and(0x8fffe000)
                      .reinterpretAsFloats()
                      .mul(input),
                  total0);
      v = sum1.reinterpretAsInts();
      v = v.lanewise(VectorOperators.LSHL, 16).add(v).and(0xffff0000);
      total1 =
          ((FloatVector) v.convert(VectorOperators.I2F, 0))
              .fma(
                  ((IntVector)
                          ShortVector.fromMemorySegment(
                                  SHORTS, packed, scale + groupBytes, LITTLE_ENDIAN)
                              .convertShape(VectorOperators.S2I, INTS, 0))
                      .lanewise(VectorOperators.LSHL, 13)
                      .and(0x8fffe000)
                      .reinterpretAsFloats()
                      .mul(input),
                  total1);
      v = sum2.reinterpretAsInts();
      v = v.lanewise(VectorOperators.LSHL, 16).add(v).and(0xffff0000);
      total2 =
          ((FloatVector) v.convert(VectorOperators.I2F, 0))
              .fma(
                  ((IntVector)
                          ShortVector.fromMemorySegment(
                                  SHORTS, packed, scale + 2 * groupBytes, LITTLE_ENDIAN)
                              .convertShape(VectorOperators.S2I, INTS, 0))
                      .lanewise(VectorOperators.LSHL, 13)
                      .and(0x8fffe000)
                      .reinterpretAsFloats()
                      .mul(input),
                  total2);
      v = sum3.reinterpretAsInts();
      v = v.lanewise(VectorOperators.LSHL, 16).add(v).and(0xffff0000);
      total3 =
          ((FloatVector) v.convert(VectorOperators.I2F, 0))
              .fma(
                  ((IntVector)
                          ShortVector.fromMemorySegment(
                                  SHORTS, packed, scale + 3 * groupBytes, LITTLE_ENDIAN)
                              .convertShape(VectorOperators.S2I, INTS, 0))
                      .lanewise(VectorOperators.LSHL, 13)
                      .and(0x8fffe000)
                      .reinterpretAsFloats()
                      .mul(input),
                  total3);
    }
    total0.intoArray(y, yAt);
    total1.intoArray(y, yAt + LANES);
    total2.intoArray(y, yAt + 2 * LANES);
    total3.intoArray(y, yAt + 3 * LANES);
  }

  @Override
  public void decode(
      MemorySegment packed, long at, int units, float factor, float[] out, int to, int stride) {
    for (int i = 0; i < units; i++) {
      FloatVector scale = GroupScales.halfs(packed, at + scales(i)).mul(factor * SCALE_UNIT);
      for (int j = 0; j < 4; j++) {
        IntVector word = GroupScales.ints(packed, at + words(i) + (long) j * WORDS);
        int first = to + (i * BLOCK + 4 * j) * stride;
        Nibbles.write(word, CENTRE, scale, Lanes.zero(), out, first, stride);
      }
    }
  }

  @Override
  public void decode(
      MemorySegment packed,
      long at,
      long groupBytes,
      int groups,
      int units,
      float factor,
      BlockPanel panel) {
    for (int group = 0; group < groups; group++) {
      long from = at + group * groupBytes;
      if (group % 2 == 0) {
        long next = group + 1 < groups ? from + groupBytes : from;
        Q4_0Panels.decode(
            packed, from, next, units, panel.weights(), panel.weightsAt() + group / 2 * LANES);
      }
      Q4_0Panels.scales(
          packed,
          from,
          units,
          factor * SCALE_UNIT * SUM_UNIT,
          panel.scales(),
          panel.scalesAt() + group * LANES,
          4 * LANES);
    }
  }
}
