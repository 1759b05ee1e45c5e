package dev.skipjack.loader.safetensors;

import dev.skipjack.loader.tensor.LittleEndian;
import dev.skipjack.loader.tensor.TensorType;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/** Copies 64-bit and 8-bit floats into native memory as 32-bit and bfloat16 ones. */
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
      case F8_E4M3 -> expandBytes(source, bfloat16Table(TensorType.F8_E4M3), arena);
      case F8_E5M2 -> expandBytes(source, bfloat16Table(TensorType.F8_E5M2), arena);
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
  private static short[] bfloat16Table(TensorType type) {
    byte[] codes = new byte[256];
    for (int bits = 0; bits < codes.length; bits++) {
      codes[bits] = (byte) bits;
    }
    float[] values = new float[codes.length];
    type.codec().decode(MemorySegment.ofArray(codes), 0, values, 0, values.length);
    short[] table = new short[codes.length];
    for (int bits = 0; bits < table.length; bits++) {
      table[bits] = (short) (Float.floatToIntBits(values[bits]) >>> 16);
    }
    return table;
  }
}
