package dev.skipjack.loader.gguf;

import dev.skipjack.loader.container.ModelFormatException;
import dev.skipjack.loader.tensor.LittleEndian;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CoderResult;
import java.nio.charset.StandardCharsets;

/**
 * Reads the header of a GGUF file front to back. No read leaves the file, and no count from the
 * file is believed before the bytes that remain could hold that many elements. Every error names
 * the byte and the item under the cursor.
 */
final class GgufCursor {
  /**
   * Real headers, mostly vocabulary, stay below 40 MiB. Beyond this limit a file is taken for
   * hostile, which bounds the heap its parsed form can take.
   */
  static final long HEADER_LIMIT = 64L << 20;

  /** Characters of an item's name in a message. */
  private static final int NAME_LIMIT = 80;

  private final String source;
  private final MemorySegment file;

  /** Where reading stops: the end of the file or of what a header may take. */
  private final long end;

  private long position;
  private String item = "header";

  /**
   * @param source the file, for messages
   */
  GgufCursor(String source, MemorySegment file) {
    this.source = source;
    this.file = file;
    this.end = Math.min(file.byteSize(), HEADER_LIMIT);
  }

  /** Says what the following reads are about; the file may have chosen the name. */
  void enter(String item) {
    this.item = item;
  }

  long position() {
    return position;
  }

  private long remaining() {
    return end - position;
  }

  int u8(String what) {
    return Byte.toUnsignedInt(file.get(ValueLayout.JAVA_BYTE, advance(1, what)));
  }

  int i16(String what) {
    return file.get(LittleEndian.SHORT, advance(Short.BYTES, what));
  }

  int i32(String what) {
    return file.get(LittleEndian.INT, advance(Integer.BYTES, what));
  }

  long i64(String what) {
    return file.get(LittleEndian.LONG, advance(Long.BYTES, what));
  }

  /** An unsigned 64-bit number that must fit a {@code long}. */
  long u64(String what) {
    long value = i64(what);
    if (value < 0) {
      throw failure(
          position - Long.BYTES, what, Long.toUnsignedString(value), "at most " + Long.MAX_VALUE);
    }
    return value;
  }

  float f32(String what) {
    return file.get(LittleEndian.FLOAT, advance(Float.BYTES, what));
  }

  double f64(String what) {
    return file.get(LittleEndian.DOUBLE, advance(Double.BYTES, what));
  }

  /** A number of elements of which each takes at least {@code elementBytes} of what remains. */
  int count(String what, int elementBytes, int limit) {
    long count = i64(what);
    long possible = remaining() / elementBytes;
    if (count < 0 || count > possible) {
      throw failure(
          position - Long.BYTES,
          what,
          Long.toUnsignedString(count),
          "at most %d in the %s that remain".formatted(possible, describeRemaining()));
    }
    if (count > limit) {
      throw failure(position - Long.BYTES, what, "" + count, "at most " + limit);
    }
    return (int) count;
  }

  /** A string of at most {@code limit} bytes. */
  String string(String what, int limit) {
    long start = position;
    int length = count(what + " length", 1, limit);
    if (length == 0) {
      return "";
    }
    byte[] bytes = new byte[length];
    MemorySegment.copy(file, ValueLayout.JAVA_BYTE, advance(length, what), bytes, 0, length);
    String text = new String(bytes, StandardCharsets.UTF_8);
    // Malformed input decodes to U+FFFD, but so does a U+FFFD that the file really holds.
    if (text.indexOf('\uFFFD') >= 0) {
      requireUtf8(bytes, start, what);
    }
    return text;
  }

  private void requireUtf8(byte[] bytes, long start, String what) {
    ByteBuffer input = ByteBuffer.wrap(bytes);
    CoderResult result =
        StandardCharsets.UTF_8.newDecoder().decode(input, CharBuffer.allocate(bytes.length), true);
    if (result.isError()) {
      throw failure(
          start + Long.BYTES + input.position(),
          what,
          "the byte 0x%02x".formatted(bytes[input.position()]),
          "valid UTF-8");
    }
  }

  private long advance(long bytes, String what) {
    if (bytes > remaining()) {
      throw failure(position, what, describeRemaining(), "at least " + bytes);
    }
    long start = position;
    position += bytes;
    return start;
  }

  private String describeRemaining() {
    return end == file.byteSize()
        ? remaining() + " bytes"
        : "%d of the %d bytes a header may take".formatted(remaining(), HEADER_LIMIT);
  }

  /** What is wrong at a byte of the current item. */
  ModelFormatException failure(long at, String what, String found, String expected) {
    return new ModelFormatException(
        source, "byte %d: %s: %s".formatted(at, printable(item), what), found, expected);
  }

  /** Messages end up on terminals, which obey control characters. */
  private static String printable(String name) {
    String head = name.length() <= NAME_LIMIT ? name : name.substring(0, NAME_LIMIT) + "...";
    return head.replaceAll("\\p{Cntrl}", "?");
  }
}
