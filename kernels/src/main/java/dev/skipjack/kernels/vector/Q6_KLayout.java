package dev.skipjack.kernels.vector;

import static dev.skipjack.kernels.vector.Species.FLOATS;
import static dev.skipjack.kernels.vector.Species.LANES;
import static java.nio.ByteOrder.LITTLE_ENDIAN;

import dev.skipjack.kernels.Activations;
import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;

/**
 * How groups of rows of Q6_K lie in memory. A unit of 256 columns is {@code f32 d[lanes]; i8
 * scale[8][lanes][2]}, scales of 16 columns, two neighbours side by side; then for each 16 columns
 * {@code u32 q[3][lanes]}, words that hold six-bit weights as {@link Activations#sixes} says. All
 * loads of a unit begin at multiples of their own length, so that none crosses a cache line.
 */
final class Q6_KLayout {
  private static final int BLOCK = 256;
  private static final int SUB = 16;

  /** Runs of columns with a scale of their own. */
  static final int SUBS = BLOCK / SUB;

  /** Bytes before the scales of runs, two runs of which take {@link #PAIR_SCALES}. */
  static final int SUB_SCALES = 4 * LANES;

  static final int PAIR_SCALES = 2 * LANES;

  /** Bytes before the words, of which each run has three. */
  static final int WORDS = SUB_SCALES + SUBS / 2 * PAIR_SCALES;

  static final int WORD_BYTES = 4 * LANES;
  static final int SUB_BYTES = 3 * WORD_BYTES;
  static final int UNIT_BYTES = WORDS + SUBS * SUB_BYTES;

  private static final int CENTRE = 32;

  // The file's own blocks.
  private static final int BLOCK_BYTES = 210;
  private static final int HIGH_BITS = 128;
  private static final int BLOCK_SCALES = 192;
  private static final int SCALE = 208;
  private static final long LOW_NIBBLES = 0x0f0f0f0f0f0f0f0fL;
  private static final long LOW_PAIRS = 0x0303030303030303L;

  /** Of eight weights in bytes: all of the first two and the lower four bits of the third. */
  private static final long FIRST = 0x0f3f3fL;

  private static final long SECOND = FIRST << 24;
  private static final long LAST_TWO = 0x3f3fL << 48;

  /** The upper bits of the third and the sixth. */
  private static final long REST = 0x30L << 16 | 0x30L << 40;

  private Q6_KLayout() {}

  static float largestScale(MemorySegment source, long at, int units) {
    return GroupScales.largest(source, at + SCALE, units, BLOCK_BYTES);
  }

  static void pack(byte[] rows, int rowBytes, int units, float scaling, byte[] target) {
    for (int row = 0; row < LANES; row += 2) {
      for (int i = 0; i < units; i++) {
        int block = row * rowBytes + i * BLOCK_BYTES;
        packBlocks(rows, block, rowBytes, scaling, target, i * UNIT_BYTES, row);
      }
    }
  }

  /** A block of {@code row} and of the row after it. */
  private static void packBlocks(
      byte[] source, int block, int rowBytes, float scaling, byte[] target, int unit, int row) {
    for (int k = 0; k < 2; k++) {
      int from = block + k * rowBytes;
      Interleaving.scaleToFloat(source, from + SCALE, scaling, target, unit + 4 * (row + k));
      for (int pair = 0; pair < SUBS / 2; pair++) {
        int scales = unit + SUB_SCALES + pair * PAIR_SCALES + 2 * (row + k);
        target[scales] = source[from + BLOCK_SCALES + 2 * pair];
        target[scales + 1] = source[from + BLOCK_SCALES + 2 * pair + 1];
      }
    }
    for (int half = 0; half < 2; half++) {
      int low = block + half * 64;
      int high = block + HIGH_BITS + half * 32;
      int to = unit + WORDS + half * 8 * SUB_BYTES + 4 * row;
      packHalf(source, low, high, rowBytes, target, to);
    }
  }

  /**
   * Each half of a block has four runs of 32 columns: they share 64 bytes of low bits, the later
   * two in the upper nibbles, and 32 bytes of high bits, two bits each.
   */
  private static void packHalf(
      byte[] source, int low, int high, int rowBytes, byte[] target, int to) {
    for (int run = 0; run < 4; run++) {
      int nibbles = low + run % 2 * 32;
      int shift = run / 2 * 4;
      for (int sub = 0; sub < 2; sub++) {
        int c = sub * SUB;
        long a0 = weights(source, nibbles + c, shift, high + c, 2 * run);
        long a1 = weights(source, nibbles + c + 8, shift, high + c + 8, 2 * run);
        int below = nibbles + rowBytes + c;
        int highBelow = high + rowBytes + c;
        long b0 = weights(source, below, shift, highBelow, 2 * run);
        long b1 = weights(source, below + 8, shift, highBelow + 8, 2 * run);
        int at = to + (2 * run + sub) * SUB_BYTES;
        int words = WORD_BYTES;
        Interleaving.ints(target, at, words, twoWords(a0, a1), twoWords(b0, b1));
        Interleaving.setInt(target, at + 2 * words, third(a0) | third(a1) << 16);
        Interleaving.setInt(target, at + 2 * words + 4, third(b0) | third(b1) << 16);
      }
    }
  }

  /** Eight weights, 0 to 63, as bytes. */
  private static long weights(byte[] source, int low, int lowShift, int high, int highShift) {
    return Interleaving.getLong(source, low) >>> lowShift & LOW_NIBBLES
        | (Interleaving.getLong(source, high) >>> highShift & LOW_PAIRS) << 4;
  }

  /** The first two words of a row: halves of columns 0 to 7, and of the next eight above them. */
  private static long twoWords(long first, long next) {
    return Long.compress(first, FIRST)
        | Long.compress(next, FIRST) << 16
        | Long.compress(first, SECOND) << 32
        | Long.compress(next, SECOND) << 48;
  }

  private static int third(long weights) {
    return (int) (Long.compress(weights, LAST_TWO) | Long.compress(weights, REST) << 12);
  }

  /** See {@link Q6_KGroups#decode}. */
  static void decode(
      MemorySegment packed, long at, int units, float factor, float[] out, int to, int stride) {
    for (int i = 0; i < units * SUBS; i++) {
      long unit = at + i / SUBS * (long) UNIT_BYTES;
      long scales = unit + SUB_SCALES + i % SUBS / 2 * PAIR_SCALES;
      FloatVector scale =
          FloatVector.fromMemorySegment(FLOATS, packed, unit, LITTLE_ENDIAN)
              .mul(factor)
              .mul(i % 2 == 0 ? BytePairs.low(packed, scales) : BytePairs.high(packed, scales));
      long words = unit + WORDS + i % SUBS * SUB_BYTES;
      IntVector a = GroupScales.ints(packed, words);
      IntVector b = GroupScales.ints(packed, words + WORD_BYTES);
      IntVector c = GroupScales.ints(packed, words + 2 * WORD_BYTES);
      for (int half = 0; half < 2; half++) {
        int column = to + (i * SUB + half * (SUB / 2)) * stride;
        int low = 16 * half;
        write(six(a, low), scale, out, column);
        write(six(a, low + 6), scale, out, column + stride);
        write(split(a, c, low), scale, out, column + 2 * stride);
        write(six(b, low), scale, out, column + 3 * stride);
        write(six(b, low + 6), scale, out, column + 4 * stride);
        write(split(b, c, low + 2), scale, out, column + 5 * stride);
        write(six(c, low), scale, out, column + 6 * stride);
        write(six(c, low + 6), scale, out, column + 7 * stride);
      }
    }
  }

  private static IntVector six(IntVector words, int shift) {
    return words.lanewise(VectorOperators.LSHR, shift).and(63);
  }

  /** Four bits from above bit 12 of a half, and two from above bit 12 of the third word's. */
  private static IntVector split(IntVector words, IntVector third, int shift) {
    IntVector lower = words.lanewise(VectorOperators.LSHR, (shift & 16) + 12).and(15);
    IntVector upper = third.lanewise(VectorOperators.LSHR, shift + 12).and(3);
    return lower.or(upper.lanewise(VectorOperators.LSHL, 4));
  }

  private static void write(IntVector six, FloatVector scale, float[] out, int at) {
    ((FloatVector) six.sub(CENTRE).convert(VectorOperators.I2F, 0)).mul(scale).intoArray(out, at);
  }
}
