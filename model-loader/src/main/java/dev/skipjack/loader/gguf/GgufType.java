package dev.skipjack.loader.gguf;

import java.util.Optional;

/**
 * The element types of GGUF metadata, by their id in the file. An array is not one of them: it is a
 * property of the {@link GgufValue}.
 *
 * <p>Source: ggml, {@code docs/gguf.md}.
 */
public enum GgufType {
  U8(0, 1),
  I8(1, 1),
  U16(2, 2),
  I16(3, 2),
  U32(4, 4),
  I32(5, 4),
  F32(6, 4),
  BOOL(7, 1),
  STRING(8, 8),
  U64(10, 8),
  I64(11, 8),
  F64(12, 8);

  /** The id that announces an array; its element type follows. */
  static final int ARRAY_ID = 9;

  private final int id;
  private final int minimumBytes;

  GgufType(int id, int minimumBytes) {
    this.id = id;
    this.minimumBytes = minimumBytes;
  }

  /** The id in the file. */
  public int id() {
    return id;
  }

  /** Bytes of one value; for a string the bytes of its length, the least a string takes. */
  public int minimumBytes() {
    return minimumBytes;
  }

  public boolean isInteger() {
    return switch (this) {
      case F32, F64, BOOL, STRING -> false;
      default -> true;
    };
  }

  public boolean isUnsigned() {
    return this == U8 || this == U16 || this == U32 || this == U64;
  }

  /** The smallest value of an integer type. */
  public long minimum() {
    return isUnsigned() ? 0 : Long.MIN_VALUE >> Long.SIZE - 8 * minimumBytes;
  }

  /** The largest value of an integer type; {@code U64} is cut to what a {@code long} holds. */
  public long maximum() {
    int valueBits = Math.min(8 * minimumBytes - (isUnsigned() ? 0 : 1), Long.SIZE - 1);
    return -1L >>> Long.SIZE - valueBits;
  }

  /** The type with this id. */
  public static Optional<GgufType> byId(int id) {
    for (GgufType type : values()) {
      if (type.id == id) {
        return Optional.of(type);
      }
    }
    return Optional.empty();
  }
}
