package dev.skipjack.kernels.vector;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * Puts numbers of neighbouring rows side by side, as {@code RowGroups} have them. All that happens
 * in words of 64 bits, and in arrays, whose checks cost less than those of segments, so that
 * packing weights keeps up with memory.
 */
final class Interleaving {
  /** Rows that {@link #shorts} takes at once, which is a divisor of all lane counts. */
  static final int ROWS = 4;

  private static final VarHandle LONG = view(long[].class);
  private static final VarHandle INT = view(int[].class);
  private static final VarHandle SHORT = view(short[].class);
  private static final long EVEN_SHORTS = 0x0000ffff0000ffffL;
  private static final long LOW_INT = 0xffffffffL;
  private static final long EVEN_BYTES = 0x00ff00ff00ff00ffL;

  private Interleaving() {}

  private static VarHandle view(Class<?> array) {
    return MethodHandles.byteArrayViewVarHandle(array, ByteOrder.LITTLE_ENDIAN);
  }

  static long getLong(byte[] source, int at) {
    return (long) LONG.get(source, at);
  }

  static int getInt(byte[] source, int at) {
    return (int) INT.get(source, at);
  }

  static void setInt(byte[] target, int at, int value) {
    INT.set(target, at, value);
  }

  static void setShort(byte[] target, int at, short value) {
    SHORT.set(target, at, value);
  }

  /** Copies a half, multiplied with a power of two. */
  static void scale(byte[] source, int at, float scaling, byte[] target, int to) {
    SHORT.set(target, to, scaled(source, at, scaling));
  }

  /** A half, multiplied with a power of two. */
  static short scaled(byte[] source, int at, float scaling) {
    float scaled = Float.float16ToFloat((short) SHORT.get(source, at)) * scaling;
    return Float.floatToFloat16(scaled);
  }

  /** Copies a half as a float, multiplied with a power of two. */
  static void scaleToFloat(byte[] source, int at, float scaling, byte[] target, int to) {
    float scaled = Float.float16ToFloat((short) SHORT.get(source, at)) * scaling;
    INT.set(target, to, Float.floatToRawIntBits(scaled));
  }

  /** Four shorts of four rows: the i-th of all rows to {@code to + i stride}. */
  static void shorts(byte[] target, int to, int stride, long a, long b, long c, long d) {
    long ab = a & EVEN_SHORTS | (b & EVEN_SHORTS) << 16;
    long cd = c & EVEN_SHORTS | (d & EVEN_SHORTS) << 16;
    LONG.set(target, to, ab & LOW_INT | cd << 32);
    LONG.set(target, to + 2 * stride, ab >>> 32 | cd & ~LOW_INT);
    ab = a >>> 16 & EVEN_SHORTS | b & ~EVEN_SHORTS;
    cd = c >>> 16 & EVEN_SHORTS | d & ~EVEN_SHORTS;
    LONG.set(target, to + stride, ab & LOW_INT | cd << 32);
    LONG.set(target, to + 3 * stride, ab >>> 32 | cd & ~LOW_INT);
  }

  /** Two ints of two rows: the i-th of both to {@code to + i stride}. */
  static void ints(byte[] target, int to, int stride, long a, long b) {
    LONG.set(target, to, a & LOW_INT | b << 32);
    LONG.set(target, to + stride, a >>> 32 | b & ~LOW_INT);
  }

  /** Bytes 0 to 3 of a word, each followed by one of another. */
  static long pairs(int first, int second) {
    return spread(first) | spread(second) << 8;
  }

  private static long spread(int bytes) {
    long word = bytes & LOW_INT;
    word = (word | word << 16) & EVEN_SHORTS;
    return (word | word << 8) & EVEN_BYTES;
  }

  /** Transposes eight words of eight bytes: word i becomes byte i of all. */
  static void transpose(long[] words) {
    swap(words, 4, LOW_INT);
    swap(words, 2, EVEN_SHORTS);
    swap(words, 1, EVEN_BYTES);
  }

  /** Exchanges the upper half of every pair of bytes, shorts or ints with the lower of another. */
  private static void swap(long[] words, int distance, long lower) {
    for (int i = 0; i < 8; i++) {
      if ((i & distance) == 0) {
        long both = (words[i] >>> 8 * distance ^ words[i + distance]) & lower;
        words[i] ^= both << 8 * distance;
        words[i + distance] ^= both;
      }
    }
  }
}
