package dev.skipjack.loader.safetensors;

import dev.skipjack.loader.tensor.LittleEndian;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.function.IntToDoubleFunction;

/**
 * Copies tensors of types without a codec into native memory as their nearest type with one.
 *
 * <p>Eight-bit floats: "FP8 formats for deep learning" (Micikevicius et al., 2022).
 */
final class FloatWidening {
  private FloatWidening() {}

  /**
   * The elements of {@code source} as {@code type.loadedAs()}.
   *
   * @param arena owns the copy
   * @throws IllegalArgumentException if the type is loaded as it is, or not at all
   */
  static MemorySegment widen(SafetensorsType type, MemorySegment source, Arena arena) {
    return switch (type) {
      case F64 -> narrowDoubles(source, arena);
      case F8_E4M3 -> expandBytes(source, bfloat16Table(FloatWidening::e4m3), arena);
      case F8_E5M2 -> expandBytes(source, bfloat16Table(FloatWidening::e5m2), arena);
      default -> throw new IllegalArgumentException(type + " is not converted");
    };
  }

  private static MemorySegment narrowDoubles(MemorySegment source, Arena arena) {
    long count = source.byteSize() / Double.BYTES;
    MemorySegment target = arena.allocate(count * Float.BYTES, Float.BYTES);
    for (long i = 0; i < count; i++) {
      double value = source.get(LittleEndian.DOUBLE, i * Double.BYTES);
      target.set(LittleEndian.FLOAT, i * Float.BYTES, (float) value);
    }
    return target;
  }

  private static MemorySegment expandBytes(MemorySegment source, short[] table, Arena arena) {
    MemorySegment target = arena.allocate(source.byteSize() * Short.BYTES, Short.BYTES);
    for (long i = 0; i < source.byteSize(); i++) {
      int bits = Byte.toUnsignedInt(source.get(ValueLayout.JAVA_BYTE, i));
      target.set(LittleEndian.SHORT, i * Short.BYTES, table[bits]);
    }
    return target;
  }

  /** The BF16 patterns of all 256 bytes; exact, as BF16 has more bits for both fields. */
  private static short[] bfloat16Table(IntToDoubleFunction decode) {
    short[] table = new short[256];
    for (int bits = 0; bits < table.length; bits++) {
      table[bits] = (short) (Float.floatToIntBits((float) decode.applyAsDouble(bits)) >>> 16);
    }
    return table;
  }

  /** Sign, 4 exponent bits with bias 7, 3 mantissa bits; all ones is NaN, there is no infinity. */
  private static double e4m3(int bits) {
    int exponent = bits >> 3 & 15;
    int mantissa = bits & 7;
    double sign = bits < 128 ? 1 : -1;
    if (exponent == 15 && mantissa == 7) {
      return Double.NaN;
    }
    return exponent == 0
        ? sign * Math.scalb((double) mantissa, -9)
        : sign * Math.scalb(8.0 + mantissa, exponent - 10);
  }

  /** The upper byte of an IEEE binary16. */
  private static double e5m2(int bits) {
    return Float.float16ToFloat((short) (bits << 8));
  }
}
