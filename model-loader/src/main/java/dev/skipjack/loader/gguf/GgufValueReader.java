package dev.skipjack.loader.gguf;

/** Reads one metadata value: its type, then the value or the array. */
final class GgufValueReader {
  private GgufValueReader() {}

  static GgufValue read(GgufCursor in) {
    long at = in.position();
    int id = in.i32("value type");
    if (id != GgufType.ARRAY_ID) {
      GgufType type = type(in, at, id, "value type");
      return new GgufValue(type, false, scalar(in, type));
    }
    at = in.position();
    id = in.i32("array type");
    if (id == GgufType.ARRAY_ID) {
      throw in.failure(at, "array type", "an array of arrays", "an array of plain values");
    }
    GgufType type = type(in, at, id, "array type");
    int length = in.count("array length", type.minimumBytes(), Integer.MAX_VALUE);
    return new GgufValue(type, true, array(in, type, length));
  }

  private static GgufType type(GgufCursor in, long at, int id, String what) {
    return GgufType.byId(id)
        .orElseThrow(
            () -> in.failure(at, what, Integer.toUnsignedString(id), "a type from 0 to 12"));
  }

  private static Object scalar(GgufCursor in, GgufType type) {
    return switch (type) {
      case STRING -> string(in);
      case BOOL -> bool(in);
      case F32, F64 -> number(in, type);
      default -> integer(in, type);
    };
  }

  private static Object array(GgufCursor in, GgufType type, int length) {
    return switch (type) {
      case STRING -> {
        String[] strings = new String[length];
        for (int i = 0; i < length; i++) {
          strings[i] = string(in);
        }
        yield strings;
      }
      case BOOL -> {
        boolean[] bools = new boolean[length];
        for (int i = 0; i < length; i++) {
          bools[i] = bool(in);
        }
        yield bools;
      }
      case F32, F64 -> {
        double[] numbers = new double[length];
        for (int i = 0; i < length; i++) {
          numbers[i] = number(in, type);
        }
        yield numbers;
      }
      default -> {
        long[] integers = new long[length];
        for (int i = 0; i < length; i++) {
          integers[i] = integer(in, type);
        }
        yield integers;
      }
    };
  }

  private static String string(GgufCursor in) {
    return in.string("string", Integer.MAX_VALUE);
  }

  private static boolean bool(GgufCursor in) {
    long at = in.position();
    int value = in.u8("boolean");
    if (value > 1) {
      throw in.failure(at, "boolean", "" + value, "0 or 1");
    }
    return value == 1;
  }

  private static double number(GgufCursor in, GgufType type) {
    return type == GgufType.F32
        ? Float.intBitsToFloat(in.i32("number"))
        : Double.longBitsToDouble(in.i64("number"));
  }

  private static long integer(GgufCursor in, GgufType type) {
    return switch (type) {
      case U8 -> in.u8("integer");
      case I8 -> (byte) in.u8("integer");
      case U16 -> in.u16("integer");
      case I16 -> (short) in.u16("integer");
      case U32 -> Integer.toUnsignedLong(in.i32("integer"));
      case I32 -> in.i32("integer");
      case U64 -> in.u64("integer");
      case I64 -> in.i64("integer");
      default -> throw new IllegalArgumentException(type + " is not an integer type");
    };
  }
}
