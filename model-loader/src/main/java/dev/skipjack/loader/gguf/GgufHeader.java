package dev.skipjack.loader.gguf;

import dev.skipjack.loader.container.ModelFormatException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Everything in front of the tensor data, parsed and validated.
 *
 * @param powerInfer whether the magic is PowerInfer's
 * @param values metadata in file order
 * @param tensors the tensor table in file order; every tensor's bytes lie inside the file
 */
record GgufHeader(
    int version, boolean powerInfer, Map<String, GgufValue> values, List<GgufTensor> tensors) {
  static final int DEFAULT_ALIGNMENT = 32;
  static final String ALIGNMENT_KEY = "general.alignment";

  static final int KEY_BYTES_LIMIT = (1 << 16) - 1;

  private static final int MAXIMUM_ALIGNMENT = 1 << 30;
  private static final int MAGIC_BYTES = 4;

  /** Keys or tensors; more are taken for hostile, which bounds the heap they can take. */
  private static final int ENTRY_LIMIT = 1 << 18;

  /** A key of one byte with a value of one byte. */
  private static final int MINIMUM_ENTRY_BYTES = Long.BYTES + 1 + Integer.BYTES + 1;

  /** Containers that people mistake for GGUF, by their first bytes. */
  private static final Map<String, String> STRANGERS =
      Map.of(
          "GGML", "an old ggml file; convert the original model to GGUF",
          "lmgg", "an old ggml file; convert the original model to GGUF",
          "tjgg", "an old ggml file; convert the original model to GGUF",
          "PK\u0003\u0004", "a zip archive, perhaps a PyTorch checkpoint",
          "vers", "perhaps a Git LFS pointer; download the file it stands for",
          "<!DO", "a web page; the download did not deliver the model",
          "<htm", "a web page; the download did not deliver the model");

  static GgufHeader parse(String source, MemorySegment file) {
    boolean powerInfer = powerInferMagic(source, file);
    GgufCursor in = new GgufCursor(source, file);
    in.i32("magic");
    int version = version(in);
    int tensorCount = in.count("tensor count", GgufTensorTable.MINIMUM_ENTRY_BYTES, ENTRY_LIMIT);
    int keyCount = in.count("key count", MINIMUM_ENTRY_BYTES, ENTRY_LIMIT);
    Map<String, GgufValue> values = values(in, keyCount);
    GgufTensorTable table = new GgufTensorTable(in, file.byteSize(), alignment(values));
    return new GgufHeader(version, powerInfer, values, table.read(tensorCount));
  }

  private static boolean powerInferMagic(String source, MemorySegment file) {
    int length = (int) Math.min(MAGIC_BYTES, file.byteSize());
    byte[] bytes = file.asSlice(0, length).toArray(ValueLayout.JAVA_BYTE);
    String magic = new String(bytes, StandardCharsets.ISO_8859_1);
    return switch (magic) {
      case "GGUF" -> false;
      case "PWRI" -> true;
      default -> {
        String found = "the bytes " + HexFormat.ofDelimiter(" ").formatHex(bytes);
        String guess = STRANGERS.containsKey(magic) ? " (%s)".formatted(STRANGERS.get(magic)) : "";
        throw new ModelFormatException(
            source,
            "byte 0: magic",
            length == 0 ? "nothing" : found + guess,
            "47 47 55 46 (GGUF) or 50 57 52 49 (PWRI)");
      }
    };
  }

  private static int version(GgufCursor in) {
    long at = in.position();
    int version = in.i32("version");
    if (version == 2 || version == 3) {
      return version;
    }
    boolean bigEndian = version != 0 && (version & 0xffff) == 0;
    throw in.failure(
        at,
        "version",
        bigEndian
            ? Integer.reverseBytes(version) + " in big-endian order"
            : Integer.toUnsignedString(version),
        bigEndian ? "a little-endian file; convert it to little-endian" : "2 or 3");
  }

  private static Map<String, GgufValue> values(GgufCursor in, int count) {
    Map<String, GgufValue> values = new LinkedHashMap<>();
    for (int i = 0; i < count; i++) {
      in.enter("key " + (i + 1) + " of " + count);
      long at = in.position();
      String key = in.string("name", KEY_BYTES_LIMIT);
      if (key.isEmpty()) {
        throw in.failure(at, "name", "an empty name", "at least 1 byte");
      }
      in.enter("key " + key);
      if (values.containsKey(key)) {
        throw in.failure(at, "name", "the key a second time", "every key once");
      }
      long valueAt = in.position();
      GgufValue value = GgufValueReader.read(in);
      if (key.equals(ALIGNMENT_KEY)) {
        requireAlignment(in, valueAt, value);
      }
      values.put(key, value);
    }
    return values;
  }

  private static int alignment(Map<String, GgufValue> values) {
    GgufValue value = values.get(ALIGNMENT_KEY);
    return value == null ? DEFAULT_ALIGNMENT : (int) (long) value.value();
  }

  private static void requireAlignment(GgufCursor in, long at, GgufValue value) {
    if (!isAlignment(value)) {
      String type = (value.array() ? "an array of " : "") + value.type();
      throw in.failure(
          at,
          "value",
          value.value() instanceof Long number ? "%s %d".formatted(type, number) : type,
          "as U32 a power of two from 1 to " + MAXIMUM_ALIGNMENT);
    }
  }

  /** Whether a value of the alignment key has the type and is one of the numbers allowed. */
  static boolean isAlignment(GgufValue value) {
    return value.type() == GgufType.U32
        && value.value() instanceof Long alignment
        && Long.bitCount(alignment) == 1
        && alignment <= MAXIMUM_ALIGNMENT;
  }
}
