package dev.skipjack.kernels.vector;

import static dev.skipjack.kernels.vector.Species.FLOATS;
import static dev.skipjack.kernels.vector.Species.INTS;
import static dev.skipjack.kernels.vector.Species.LANES;
import static dev.skipjack.kernels.vector.Species.SHORT_PAIRS;
import static java.nio.ByteOrder.LITTLE_ENDIAN;

import dev.skipjack.kernels.Activations;
import dev.skipjack.kernels.support.RowGroups;
import dev.skipjack.loader.tensor.LittleEndian;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.ShortVector;
import jdk.incubator.vector.VectorOperators;

/**
 * Q4_K by groups of rows. A unit of 256 columns is {@code f16 d[lanes], min[lanes]}, then for each
 * 32 columns {@code u8 scale[lanes], min[lanes]; u32 q[4][lanes]}, the words as in {@link
 * Q4_0Groups} and multiplied like them: with the centre 8 taken off, which is added again where
 * sums are scaled.
 */
final class Q4_KGroups implements RowGroups {
  private static final int BLOCK = 256;
  private static final int BLOCK_BYTES = 144;
  private static final int MIN = 2;
  private static final int SUB_SCALES = 4;
  private static final int QUANTS = 16;
  private static final int SUB = 32;
  private static final int SUBS = BLOCK / SUB;
  private static final int CENTRE = 8;
  private static final int LOW_NIBBLES = 0x0f0f0f0f;
  private static final int SCALES = 4 * LANES;
  private static final int WORDS = 4 * LANES;
  private static final int SUB_BYTES = 2 * LANES + 4 * WORDS;
  private static final int UNIT_BYTES = SCALES + SUBS * SUB_BYTES;

  /** Scales are read as floats 2^112 too small, sums as integers 2^16 too large. */
  private static final float SCALE_UNIT = 0x1p112f;

  private static final float SUM_UNIT = 0x1p-16f;

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
    return Math.max(
        GroupScales.largest(source, at, units, BLOCK_BYTES),
        GroupScales.largest(source, at + MIN, units, BLOCK_BYTES));
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
        GroupScales.copy(source, block, scaling, target, unit + 2 * row);
        GroupScales.copy(source, block + MIN, scaling, target, unit + 2 * LANES + 2 * row);
        for (int sub = 0; sub < SUBS; sub++) {
          packSub(source, block, sub, row, target, unit + SCALES + sub * SUB_BYTES);
        }
      }
    }
  }

  /** Even runs of 32 columns are the low nibbles of 32 bytes, odd ones the high nibbles. */
  private static void packSub(
      MemorySegment source, long block, int sub, int row, MemorySegment target, long to) {
    target.set(ValueLayout.JAVA_BYTE, to + row, subScale(source, block + SUB_SCALES, sub));
    target.set(ValueLayout.JAVA_BYTE, to + LANES + row, subMin(source, block + SUB_SCALES, sub));
    int shift = sub % 2 * 4;
    long bytes = block + QUANTS + sub / 2 * SUB;
    for (int j = 0; j < 4; j++) {
      int first = source.get(LittleEndian.INT, bytes + 4 * j) >>> shift & LOW_NIBBLES;
      int second = source.get(LittleEndian.INT, bytes + 16 + 4 * j) >>> shift & LOW_NIBBLES;
      int word = first | second << 4;
      target.set(LittleEndian.INT, to + 2 * LANES + j * WORDS + 4 * row, word);
    }
  }

  /**
   * Six bits: whole for the first four, else low bits in byte 4 + sub and the top above another.
   */
  private static byte subScale(MemorySegment source, long at, int sub) {
    int own = source.get(ValueLayout.JAVA_BYTE, at + (sub < 4 ? sub : sub + 4));
    return (byte) (sub < 4 ? own & 63 : own & 15 | top(source, at + sub - 4));
  }

  private static byte subMin(MemorySegment source, long at, int sub) {
    int own = source.get(ValueLayout.JAVA_BYTE, at + sub + 4);
    return (byte) (sub < 4 ? own & 63 : own >> 4 & 15 | top(source, at + sub));
  }

  private static int top(MemorySegment source, long at) {
    return (source.get(ValueLayout.JAVA_BYTE, at) >> 6 & 3) << 4;
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
        x.nibbles(),
        x.scales(),
        x.sums(),
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
      short[] sums,
      int block,
      float factor,
      float[] y,
      int yAt) {
    int mask = (1 << logGroups) - 1;
    for (int n = 0; n < units * SUBS << logGroups; n++) {
      int sub = n >> logGroups;
      int i = block + sub;
      int group = n & mask;
      long unit = at + group * groupBytes + sub / SUBS * (long) UNIT_BYTES;
      long part = unit + SCALES + sub % SUBS * SUB_BYTES;
      FloatVector scale = GroupScales.halfs(packed, unit).mul(Lanes.bytes(packed, part));
      FloatVector min =
          GroupScales.halfs(packed, unit + 2 * LANES).mul(Lanes.bytes(packed, part + LANES));
      long words = part + 2 * LANES;
      int k = i * (SUB / 2);
      ShortVector even =
          IntVector.broadcast(INTS, -CENTRE * sums[i] & 0xffff).reinterpretAsShorts();
      ShortVector odd = ShortVector.zero(SHORT_PAIRS);
      IntVector v;
      v = IntVector.fromMemorySegment(INTS, packed, words, LITTLE_ENDIAN);
      even =
          v.reinterpretAsShorts()
              .mul(IntVector.broadcast(INTS, q[k]).reinterpretAsShorts())
              .add(even);
      even =
          v.lanewise(VectorOperators.LSHR, 4)
              .reinterpretAsShorts()
              .mul(IntVector.broadcast(INTS, q[k + 1]).reinterpretAsShorts())
              .add(even);
      even =
          v.lanewise(VectorOperators.LSHR, 8)
              .reinterpretAsShorts()
              .mul(IntVector.broadcast(INTS, q[k + 2]).reinterpretAsShorts())
              .add(even);
      even =
          v.lanewise(VectorOperators.LSHR, 12)
              .reinterpretAsShorts()
              .mul(IntVector.broadcast(INTS, q[k + 3]).reinterpretAsShorts())
              .add(even);
      v = IntVector.fromMemorySegment(INTS, packed, words + WORDS, LITTLE_ENDIAN);
      odd =
          v.reinterpretAsShorts()
              .mul(IntVector.broadcast(INTS, q[k + 4]).reinterpretAsShorts())
              .add(odd);
      odd =
          v.lanewise(VectorOperators.LSHR, 4)
              .reinterpretAsShorts()
              .mul(IntVector.broadcast(INTS, q[k + 5]).reinterpretAsShorts())
              .add(odd);
      odd =
          v.lanewise(VectorOperators.LSHR, 8)
              .reinterpretAsShorts()
              .mul(IntVector.broadcast(INTS, q[k + 6]).reinterpretAsShorts())
              .add(odd);
      odd =
          v.lanewise(VectorOperators.LSHR, 12)
              .reinterpretAsShorts()
              .mul(IntVector.broadcast(INTS, q[k + 7]).reinterpretAsShorts())
              .add(odd);
      v = IntVector.fromMemorySegment(INTS, packed, words + 2 * WORDS, LITTLE_ENDIAN);
      even =
          v.reinterpretAsShorts()
              .mul(IntVector.broadcast(INTS, q[k + 8]).reinterpretAsShorts())
              .add(even);
      even =
          v.lanewise(VectorOperators.LSHR, 4)
              .reinterpretAsShorts()
              .mul(IntVector.broadcast(INTS, q[k + 9]).reinterpretAsShorts())
              .add(even);
      even =
          v.lanewise(VectorOperators.LSHR, 8)
              .reinterpretAsShorts()
              .mul(IntVector.broadcast(INTS, q[k + 10]).reinterpretAsShorts())
              .add(even);
      even =
          v.lanewise(VectorOperators.LSHR, 12)
              .reinterpretAsShorts()
              .mul(IntVector.broadcast(INTS, q[k + 11]).reinterpretAsShorts())
              .add(even);
      v = IntVector.fromMemorySegment(INTS, packed, words + 3 * WORDS, LITTLE_ENDIAN);
      odd =
          v.reinterpretAsShorts()
              .mul(IntVector.broadcast(INTS, q[k + 12]).reinterpretAsShorts())
              .add(odd);
      odd =
          v.lanewise(VectorOperators.LSHR, 4)
              .reinterpretAsShorts()
              .mul(IntVector.broadcast(INTS, q[k + 13]).reinterpretAsShorts())
              .add(odd);
      odd =
          v.lanewise(VectorOperators.LSHR, 8)
              .reinterpretAsShorts()
              .mul(IntVector.broadcast(INTS, q[k + 14]).reinterpretAsShorts())
              .add(odd);
      odd =
          v.lanewise(VectorOperators.LSHR, 12)
              .reinterpretAsShorts()
              .mul(IntVector.broadcast(INTS, q[k + 15]).reinterpretAsShorts())
              .add(odd);
      v = even.add(odd).reinterpretAsInts();
      // Low and high halves add up, modulo 2^16, in the upper half.
      v = v.lanewise(VectorOperators.LSHL, 16).add(v);
      FloatVector sum = (FloatVector) v.and(0xffff0000).convert(VectorOperators.I2F, 0);
      float input = scales[i] * factor;
      int to = yAt + group * LANES;
      FloatVector.fromArray(FLOATS, y, to)
          .add(sum.mul(SUM_UNIT).add(CENTRE * sums[i]).mul(scale.mul(input)))
          .sub(min.mul(sums[i] * input))
          .intoArray(y, to);
    }
  }

  @Override
  public void decode(
      MemorySegment packed, long at, int units, float factor, float[] out, int to, int stride) {
    for (int i = 0; i < units * SUBS; i++) {
      long unit = at + i / SUBS * (long) UNIT_BYTES;
      long part = unit + SCALES + i % SUBS * SUB_BYTES;
      float own = factor * SCALE_UNIT;
      FloatVector scale = GroupScales.halfs(packed, unit).mul(own).mul(Lanes.bytes(packed, part));
      FloatVector min =
          GroupScales.halfs(packed, unit + 2 * LANES)
              .mul(own)
              .mul(Lanes.bytes(packed, part + LANES));
      for (int j = 0; j < 4; j++) {
        IntVector word = GroupScales.ints(packed, part + 2 * LANES + j * WORDS);
        Nibbles.write(word, 0, scale, min, out, to + (i * SUB + 4 * j) * stride, stride);
      }
    }
  }
}
