package dev.skipjack.loader.gguf;

import dev.skipjack.loader.tensor.TensorType;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Reads and validates the tensor table by the rules of ggml's own reader: tensors follow one
 * another in table order, each at the next multiple of the alignment, and all end inside the file.
 */
final class GgufTensorTable {
  /** An unnamed scalar: name length, dimension count, type, offset. */
  static final int MINIMUM_ENTRY_BYTES = Long.BYTES + Integer.BYTES + Integer.BYTES + Long.BYTES;

  static final int DIMENSION_LIMIT = 4;
  static final int NAME_BYTES_LIMIT = 63;

  private final GgufCursor in;
  private final long fileSize;
  private final int alignment;
  private final Set<String> names = new HashSet<>();

  /** Where the next tensor must begin, relative to the data section. */
  private long nextOffset;

  GgufTensorTable(GgufCursor in, long fileSize, int alignment) {
    this.in = in;
    this.fileSize = fileSize;
    this.alignment = alignment;
  }

  /** Offsets in the table are relative to the data section, which begins after the table. */
  private record Entry(
      String name, long at, TensorType type, long[] shape, long offset, long size) {}

  List<GgufTensor> read(int count) {
    List<Entry> entries = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      entries.add(entry(i, count));
    }
    long dataStart = aligned(in.position());
    List<GgufTensor> tensors = new ArrayList<>(count);
    for (Entry entry : entries) {
      long start = dataStart + entry.offset;
      if (start + entry.size > fileSize) {
        in.enter("tensor " + entry.name);
        throw in.failure(
            entry.at,
            "data",
            "bytes %d to %d".formatted(start, start + entry.size),
            "an end within the %d bytes of the file; it may be truncated".formatted(fileSize));
      }
      tensors.add(new GgufTensor(entry.name, entry.type, entry.shape, start, entry.size));
    }
    return tensors;
  }

  private Entry entry(int index, int count) {
    in.enter("tensor " + (index + 1) + " of " + count);
    long at = in.position();
    String name = in.string("name", NAME_BYTES_LIMIT);
    in.enter("tensor " + name);
    if (!names.add(name)) {
      throw in.failure(at, "name", "the tensor a second time", "every tensor once");
    }
    long shapeAt = in.position();
    long[] shape = shape();
    TensorType type = type();
    long size = size(shapeAt, type, shape);
    return new Entry(name, at, type, shape, offset(size), size);
  }

  private long[] shape() {
    long at = in.position();
    int rank = in.i32("dimension count");
    if (rank < 0 || rank > DIMENSION_LIMIT) {
      throw in.failure(
          at, "dimension count", Integer.toUnsignedString(rank), "at most " + DIMENSION_LIMIT);
    }
    long[] shape = new long[rank];
    for (int i = rank - 1; i >= 0; i--) {
      shape[i] = in.u64("dimension");
    }
    return shape;
  }

  private TensorType type() {
    long at = in.position();
    int id = in.i32("type");
    return TensorType.byId(id)
        .orElseThrow(
            () ->
                in.failure(
                    at, "type", GgmlTypeNames.describe(id), "a supported type: " + supported()));
  }

  private static String supported() {
    return Arrays.stream(TensorType.values())
        .filter(TensorType::isGguf)
        .map(TensorType::name)
        .collect(Collectors.joining(", "));
  }

  private long size(long at, TensorType type, long[] shape) {
    long cols = shape.length == 0 ? 1 : shape[shape.length - 1];
    if (cols % type.blockLength() != 0) {
      throw in.failure(
          at,
          "dimensions",
          Arrays.toString(shape),
          "a multiple of %d, the block length of %s, as last".formatted(type.blockLength(), type));
    }
    long rows = 1;
    for (int i = 0; i + 1 < shape.length; i++) {
      rows = product(at, rows, shape[i], shape);
    }
    long elements = product(at, rows, cols, shape);
    if (rows > Integer.MAX_VALUE || cols > Integer.MAX_VALUE) {
      throw in.failure(
          at,
          "dimensions",
          Arrays.toString(shape),
          "at most %d columns and rows each".formatted(Integer.MAX_VALUE));
    }
    boolean empty = Arrays.stream(shape).anyMatch(dimension -> dimension == 0);
    long blocks = empty ? 0 : elements / type.blockLength();
    if (blocks > fileSize / type.blockBytes()) {
      throw in.failure(
          at,
          "dimensions",
          "%s %s, %d blocks of %d bytes"
              .formatted(type, Arrays.toString(shape), blocks, type.blockBytes()),
          "no more than the %d bytes of the file; it may be truncated".formatted(fileSize));
    }
    return blocks * type.blockBytes();
  }

  /**
   * A zero makes the tensor empty but does not excuse the other dimensions: they are multiplied by
   * whoever computes a stride.
   */
  private long product(long at, long factor, long dimension, long[] shape) {
    if (factor > Long.MAX_VALUE / Math.max(1, dimension)) {
      throw in.failure(
          at, "dimensions", Arrays.toString(shape), "a product of at most " + Long.MAX_VALUE);
    }
    return factor * Math.max(1, dimension);
  }

  private long offset(long size) {
    long at = in.position();
    long offset = in.i64("offset");
    if (offset != nextOffset) {
      throw in.failure(
          at,
          "offset",
          Long.toUnsignedString(offset),
          "%d, the end of the tensor before at alignment %d".formatted(nextOffset, alignment));
    }
    if (size > fileSize - offset) {
      throw in.failure(
          at,
          "data",
          "%d bytes from offset %d".formatted(size, offset),
          "an end within the %d bytes of the file; it may be truncated".formatted(fileSize));
    }
    nextOffset = aligned(offset + size);
    return offset;
  }

  private long aligned(long position) {
    return position + alignment - 1 & -(long) alignment;
  }
}
