package dev.skipjack.kernels.tornado.kernel;

import uk.ac.manchester.tornado.api.types.arrays.ByteArray;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;

/**
 * Reads weights as the model file stores them (layouts: ggml's {@code ggml-common.h}). A weight is
 * {@code scale * level - minimum}; scale and minimum hold for {@value #UNIT} weights in a row at
 * least. To add a format: a number, and its line in each of the methods.
 *
 * <p>F32 weights come in a {@code FloatArray}, all others as bytes; the other array is not read.
 */
public final class Blocks {
  public static final int F32 = 0;
  public static final int F16 = 1;
  public static final int Q8_0 = 2;
  public static final int Q4_0 = 3;
  public static final int Q4_K = 4;
  public static final int Q6_K = 5;

  /** Weights that surely share a scale, where weights have scales. */
  static final int UNIT = 16;

  private static final int Q8_0_BYTES = 34;
  private static final int Q4_0_BYTES = 18;
  private static final int Q4_K_BYTES = 144;
  private static final int Q6_K_BYTES = 210;

  private Blocks() {}

  /** {@code W[row] . x}, or the part of it that falls to one of several lanes. */
  static float dot(
      int format,
      FloatArray floats,
      ByteArray bytes,
      int row,
      int cols,
      FloatArray x,
      int offset,
      int lane,
      int lanes) {
    int unit = format <= F16 ? 1 : UNIT;
    float sum = 0;
    for (int start = lane * unit; start < cols; start += lanes * unit) {
      int first = row * cols + start;
      float products = 0;
      float inputs = 0;
      for (int i = 0; i < unit; i++) {
        float input = x.get(offset + start + i);
        products += level(format, floats, bytes, first + i) * input;
        inputs += input;
      }
      sum += scale(format, bytes, first) * products - minimum(format, bytes, first) * inputs;
    }
    return sum;
  }

  /** {@code W[row][col]}. */
  static float weight(int format, FloatArray floats, ByteArray bytes, int row, int cols, int col) {
    int index = row * cols + col;
    return scale(format, bytes, index) * level(format, floats, bytes, index)
        - minimum(format, bytes, index);
  }

  /** The number that stands for weight {@code index} of the matrix. */
  private static float level(int format, FloatArray floats, ByteArray bytes, int index) {
    if (format == F32) {
      return floats.get(index);
    }
    if (format == F16) {
      return half(bytes, 2 * index);
    }
    if (format == Q8_0) {
      return bytes.get((index >> 5) * Q8_0_BYTES + 2 + (index & 31));
    }
    if (format == Q4_0) {
      int packed = bytes.get((index >> 5) * Q4_0_BYTES + 2 + (index & 15));
      return (packed >> (index >> 2 & 4) & 15) - 8;
    }
    if (format == Q4_K) {
      int chunk = (index >> 8) * Q4_K_BYTES + 16 + (index >> 6 & 3) * 32;
      return bytes.get(chunk + (index & 31)) >> (index >> 3 & 4) & 15;
    }
    int block = (index >> 8) * Q6_K_BYTES;
    int half = index >> 7 & 1;
    int group = index >> 5 & 3;
    int low = bytes.get(block + half * 64 + (index & 63)) >> (group >> 1) * 4 & 15;
    int high = bytes.get(block + 128 + half * 32 + (index & 31)) >> group * 2 & 3;
    return (low | high << 4) - 32;
  }

  private static float scale(int format, ByteArray bytes, int index) {
    if (format <= F16) {
      return 1;
    }
    if (format == Q8_0) {
      return half(bytes, (index >> 5) * Q8_0_BYTES);
    }
    if (format == Q4_0) {
      return half(bytes, (index >> 5) * Q4_0_BYTES);
    }
    if (format == Q4_K) {
      int block = (index >> 8) * Q4_K_BYTES;
      return half(bytes, block) * sixBits(bytes, block + 4, index >> 5 & 7, 0);
    }
    int block = (index >> 8) * Q6_K_BYTES;
    return half(bytes, block + 208) * bytes.get(block + 192 + (index >> 4 & 15));
  }

  private static float minimum(int format, ByteArray bytes, int index) {
    if (format != Q4_K) {
      return 0;
    }
    int block = (index >> 8) * Q4_K_BYTES;
    return half(bytes, block + 2) * sixBits(bytes, block + 4, index >> 5 & 7, 4);
  }

  /**
   * One of the eight 6-bit scales (column 0) or minima (column 4) that 12 bytes hold: the first
   * four in the low bits of a byte, of the others four bits in the third word and the top two in
   * what the first four leave free.
   */
  private static int sixBits(ByteArray bytes, int table, int i, int column) {
    if (i < 4) {
      return bytes.get(table + column + i) & 63;
    }
    int low = bytes.get(table + 4 + i) >> column & 15;
    int high = bytes.get(table + column + i - 4) >> 6 & 3;
    return low | high << 4;
  }

  /** A finite IEEE 754 half, by arithmetic alone. */
  private static float half(ByteArray bytes, int at) {
    int high = bytes.get(at + 1);
    int exponent = high >> 2 & 31;
    int mantissa = bytes.get(at) & 255 | (high & 3) << 8;
    // Subnormals lack the leading one and have the exponent of the smallest normals.
    int significand = exponent == 0 ? mantissa : mantissa + 1024;
    int power = exponent == 0 ? 1 : 1 << exponent - 1;
    float magnitude = (float) significand * power * 0x1p-24f;
    return high < 0 ? -magnitude : magnitude;
  }
}
