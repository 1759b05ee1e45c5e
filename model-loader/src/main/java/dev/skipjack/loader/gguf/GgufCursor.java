package dev.skipjack.loader.gguf;

import dev.skipjack.loader.container.ModelFormatException;
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

  private static final int WINDOW_BYTES = 1 << 16;

  /** Characters of an item's name in a message. */
  private static final int NAME_LIMIT = 80;

  private final String source;
  private final MemorySegment file;

  /** Where reading stops: the end of the file or of what a header may take. */
  private final long end;

  /**
   * A piece of the header on the heap: a vocabulary is a million small reads, most of which run
   * before the compiler has made access to a segment cheap.
   */
  private final byte[] window;

  private long windowStart;
  private int windowLength;
  private long position;
  private String item = "header";

  /**
   * @param source the file, for messages
   */
  GgufCursor(String source, MemorySegment file) {
    this.source = source;
    this.file = file;
    this.end = Math.min(file.byteSize(), HEADER_LIMIT);
    this.window = new byte[(int) Math.min(WINDOW_BYTES, end)];
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
    return (int) unsigned(1, what);
  }

  int u16(String what) {
    return (int) unsigned(Short.BYTES, what);
  }

  int i32(String what) {
    return (int) unsigned(Integer.BYTES, what);
  }

  long i64(String what) {
    return unsigned(Long.BYTES, what);
  }

  /** An unsigned 64-bit number that must fit a {@code long}. */
  long u64(String what) {
    long at = position;
    long value = i64(what);
    if (value < 0) {
      throw failure(at, what, Long.toUnsignedString(value), "at most " + Long.MAX_VALUE);
    }
    return value;
  }

  /** A number of elements of which each takes at least {@code elementBytes} of what remains. */
  int count(String what, int elementBytes, int limit) {
    long at = position;
    long count = i64(what);
    if (count < 0 || count > limit || count > remaining() / elementBytes) {
      throw impossible(at, what, count, elementBytes, limit);
    }
    return (int) count;
  }

  /** A string of at most {@code limit} bytes. */
  String string(String what, int limit) {
    long at = position;
    long length = i64(what);
    if (length < 0 || length > limit || length > remaining()) {
      throw impossible(at, what + " length", length, 1, limit);
    }
    String text = length <= WINDOW_BYTES ? windowed((int) length, what) : copied((int) length);
    // Malformed input decodes to U+FFFD, but so does a U+FFFD that the file really holds.
    if (text.indexOf('\uFFFD') >= 0) {
      requireUtf8(at + Long.BYTES, what);
    }
    return text;
  }

  private String windowed(int length, String what) {
    int from = advance(length, what);
    return new String(window, from, length, StandardCharsets.UTF_8);
  }

  private String copied(int length) {
    byte[] bytes = file.asSlice(position, length).toArray(ValueLayout.JAVA_BYTE);
    position += length;
    return new String(bytes, StandardCharsets.UTF_8);
  }

  /** Checks the bytes from {@code start} to the position. */
  private void requireUtf8(long start, String what) {
    byte[] bytes = file.asSlice(start, position - start).toArray(ValueLayout.JAVA_BYTE);
    ByteBuffer input = ByteBuffer.wrap(bytes);
    CoderResult result =
        StandardCharsets.UTF_8.newDecoder().decode(input, CharBuffer.allocate(bytes.length), true);
    if (result.isError()) {
      throw failure(
          start + input.position(),
          what,
          "the byte 0x%02x".formatted(bytes[input.position()]),
          "valid UTF-8");
    }
  }

  private long unsigned(int bytes, String what) {
    int at = advance(bytes, what);
    long value = 0;
    for (int i = bytes - 1; i >= 0; i--) {
      value = value << Byte.SIZE | window[at + i] & 0xff;
    }
    return value;
  }

  /** Moves over bytes, no more than a window holds, and returns where in the window they are. */
  private int advance(int bytes, String what) {
    if (bytes > remaining()) {
      throw failure(position, what, describeRemaining(), "at least " + bytes);
    }
    if (position + bytes > windowStart + windowLength) {
      windowStart = position;
      windowLength = (int) Math.min(WINDOW_BYTES, end - position);
      MemorySegment.copy(file, ValueLayout.JAVA_BYTE, windowStart, window, 0, windowLength);
    }
    int index = (int) (position - windowStart);
    position += bytes;
    return index;
  }

  private ModelFormatException impossible(
      long at, String what, long count, int elementBytes, int limit) {
    long possible = remaining() / elementBytes;
    boolean fits = count >= 0 && count <= possible;
    return failure(
        at,
        what,
        Long.toUnsignedString(count),
        fits
            ? "at most " + limit
            : "at most %d in the %s that remain".formatted(possible, describeRemaining()));
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
