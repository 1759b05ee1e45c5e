package dev.skipjack.loader.safetensors;

import dev.skipjack.loader.container.ModelFormatException;
import dev.skipjack.loader.tensor.LittleEndian;
import java.lang.foreign.MemorySegment;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * The validated header of a file: {@code u64 n}, {@code n} bytes of JSON, then the byte buffer that
 * the entries tile without a gap.
 *
 * @param metadata the writer's own strings
 * @param entries in the order of their data
 * @param dataStart offset of the byte buffer in the file
 */
record SafetensorsHeader(
    Map<String, String> metadata, List<SafetensorsEntry> entries, long dataStart) {
  /** Longer headers are refused, as the reference reader does. */
  static final long MAX_BYTES = 100_000_000;

  private static final int LENGTH_BYTES = 8;

  /**
   * Reads and validates a header.
   *
   * @param source the file, for messages
   * @throws ModelFormatException if any rule of the format is broken
   */
  static SafetensorsHeader read(String source, MemorySegment file) {
    long length = headerLength(source, file);
    HeaderParser.Table table =
        StrictJson.parseObject(
            source,
            file.asSlice(LENGTH_BYTES, length).asByteBuffer(),
            LENGTH_BYTES,
            parser -> new HeaderParser(source, parser).parse());
    long dataStart = LENGTH_BYTES + length;
    table.entries().forEach(entry -> checkSize(source, entry));
    // An empty tensor may share its offset with the tensor behind it, so it has to come first.
    List<SafetensorsEntry> entries =
        table.entries().stream()
            .sorted(
                Comparator.comparingLong(SafetensorsEntry::begin)
                    .thenComparingLong(SafetensorsEntry::end))
            .toList();
    checkTiling(source, entries, file.byteSize() - dataStart);
    return new SafetensorsHeader(table.metadata(), entries, dataStart);
  }

  private static long headerLength(String source, MemorySegment file) {
    if (file.byteSize() < LENGTH_BYTES) {
      throw new ModelFormatException(
          source, "byte 0", file.byteSize() + " bytes", "at least " + LENGTH_BYTES);
    }
    long length = file.get(LittleEndian.LONG, 0);
    if (Long.compareUnsigned(length, MAX_BYTES) > 0) {
      throw new ModelFormatException(
          source,
          "byte 0",
          "a header length of " + Long.toUnsignedString(length),
          "at most " + MAX_BYTES);
    }
    if (LENGTH_BYTES + length > file.byteSize()) {
      throw new ModelFormatException(
          source,
          "byte 0",
          "a header length of " + length,
          "at most %d, the rest of the file".formatted(file.byteSize() - LENGTH_BYTES));
    }
    return length;
  }

  private static void checkSize(String source, SafetensorsEntry entry) {
    if (entry.begin() > entry.end()) {
      throw new ModelFormatException(
          source,
          entry.where(),
          "data_offsets [%d, %d]".formatted(entry.begin(), entry.end()),
          "a begin that is not behind the end");
    }
    long bits = entry.type().bits();
    try {
      for (long dimension : entry.shape()) {
        bits = Math.multiplyExact(bits, dimension);
      }
    } catch (ArithmeticException e) {
      throw new ModelFormatException(
          "%s: %s: the size of %s %s exceeds 2^63 bits"
              .formatted(source, entry.where(), entry.type(), entry.shape()),
          e);
    }
    if (bits % Byte.SIZE != 0 || entry.byteSize() != bits / Byte.SIZE) {
      throw new ModelFormatException(
          source,
          entry.where(),
          entry.byteSize() + " bytes of data",
          "%s bits for %s %s".formatted(bits, entry.type(), entry.shape()));
    }
  }

  private static void checkTiling(String source, List<SafetensorsEntry> entries, long bufferSize) {
    long expected = 0;
    for (SafetensorsEntry entry : entries) {
      if (entry.begin() != expected) {
        throw new ModelFormatException(
            source,
            entry.where(),
            "data at byte " + entry.begin(),
            "byte %d, where the tensor before it ends".formatted(expected));
      }
      expected = entry.end();
    }
    if (expected != bufferSize) {
      throw new ModelFormatException(
          source,
          "byte buffer",
          bufferSize + " bytes",
          "%d bytes, the end of the last tensor".formatted(expected));
    }
  }

  /** Entries this runtime can compute with. */
  Stream<SafetensorsEntry> loadable() {
    return entries.stream().filter(entry -> entry.type().loadedAs().isPresent());
  }

  /** Integers, booleans and exotic floats. */
  List<SafetensorsEntry> skipped() {
    return entries.stream().filter(entry -> entry.type().loadedAs().isEmpty()).toList();
  }
}
