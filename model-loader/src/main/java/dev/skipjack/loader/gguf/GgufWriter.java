package dev.skipjack.loader.gguf;

import dev.skipjack.loader.tensor.Tensor;
import dev.skipjack.loader.tensor.TensorType;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Writes a GGUF file, version 3: first describe metadata and tensors, in the order they should have
 * in the file, then {@link #write}. Tensor data is asked for only while it is being written, one
 * tensor at a time, so that a conversion needs memory for one piece of one tensor.
 *
 * <p>A copy of another file is {@code putAll(file.values())} and {@code tensor(t)} for each of its
 * tensors. Not thread-safe.
 */
public final class GgufWriter {
  private static final byte[] MAGIC = "GGUF".getBytes(StandardCharsets.US_ASCII);
  private static final int VERSION = 3;

  private final Map<String, GgufValue> values = new LinkedHashMap<>();
  private final Map<String, Entry> tensors = new LinkedHashMap<>();

  /** Delivers the bytes of one tensor. */
  @FunctionalInterface
  public interface TensorData {
    /** Hands all bytes of the tensor to the sink, in order and in pieces of any size. */
    void writeTo(Sink sink) throws IOException;
  }

  /** Where tensor bytes go. */
  @FunctionalInterface
  public interface Sink {
    /**
     * Appends the bytes of a native or {@code byte[]} segment, which may be reused afterwards.
     *
     * @throws IllegalStateException if the tensor has no room for that many
     */
    void write(MemorySegment bytes) throws IOException;
  }

  private record Entry(TensorType type, long[] shape, long size, TensorData data) {}

  /** Starts an empty file. */
  public GgufWriter() {}

  /**
   * Sets a key; one that is already set keeps its place. {@code general.alignment} also aligns the
   * tensors of this file.
   *
   * @throws IllegalArgumentException if GGUF does not allow the key or, as alignment, the value
   */
  public GgufWriter put(String key, GgufValue value) {
    requireLength("key", key, 1, GgufHeader.KEY_BYTES_LIMIT);
    if (key.equals(GgufHeader.ALIGNMENT_KEY) && !GgufHeader.isAlignment(value)) {
      throw new IllegalArgumentException(
          "%s takes a power of two as U32, not %s".formatted(key, value));
    }
    values.put(key, value);
    return this;
  }

  /** Sets all keys in the order of the map. */
  public GgufWriter putAll(Map<String, GgufValue> all) {
    all.forEach(this::put);
    return this;
  }

  /**
   * Adds a tensor.
   *
   * @param shape row-major, outermost first; at most 4 dimensions
   * @param data delivers exactly {@code type.byteSize(elements)} bytes
   * @throws IllegalArgumentException if the name is taken or GGUF does not allow name or shape
   * @throws ArithmeticException if the size overflows
   */
  public GgufWriter tensor(String name, TensorType type, long[] shape, TensorData data) {
    requireLength("tensor name", name, 0, GgufTensorTable.NAME_BYTES_LIMIT);
    if (!type.isGguf()) {
      throw new IllegalArgumentException(
          "tensor %s: found %s, expected a type that GGUF has an id for".formatted(name, type));
    }
    Entry entry = new Entry(type, shape.clone(), size(name, type, shape), data);
    if (tensors.putIfAbsent(name, entry) != null) {
      throw new IllegalArgumentException("tensor " + name + " is already there");
    }
    return this;
  }

  /** Adds a tensor whose bytes are those of an open one, which must stay open until written. */
  public GgufWriter tensor(Tensor tensor) {
    return tensor(tensor.name(), tensor.type(), tensor.shape(), sink -> sink.write(tensor.data()));
  }

  /**
   * Writes the file beside its final place and then moves it there in one step: {@code target} is
   * either what it was before or complete, and after a failure or an interrupt nothing is left.
   *
   * @throws IOException if the file or a tensor's data cannot be written
   * @throws IllegalStateException if a tensor delivers more or fewer bytes than its shape needs, or
   *     if metadata and tensor table exceed what a reader accepts
   */
  public void write(Path target) throws IOException {
    try (AtomicFile file = new AtomicFile(target)) {
      int alignment = alignment();
      file.write(MemorySegment.ofArray(header(alignment)));
      file.padTo(alignment);
      for (Map.Entry<String, Entry> tensor : tensors.entrySet()) {
        write(file, tensor.getKey(), tensor.getValue());
        file.padTo(alignment);
      }
      file.commit();
    }
  }

  private static void write(AtomicFile file, String name, Entry tensor) throws IOException {
    long end = file.position() + tensor.size;
    tensor.data.writeTo(
        bytes -> {
          if (bytes.byteSize() > end - file.position()) {
            throw new IllegalStateException(
                "tensor %s: %d bytes for the last %d of %d"
                    .formatted(name, bytes.byteSize(), end - file.position(), tensor.size));
          }
          file.write(bytes);
        });
    if (file.position() < end) {
      throw new IllegalStateException(
          "tensor %s: %d bytes of %d are missing"
              .formatted(name, end - file.position(), tensor.size));
    }
  }

  private static long size(String name, TensorType type, long[] shape) {
    boolean representable =
        shape.length <= GgufTensorTable.DIMENSION_LIMIT
            && Arrays.stream(shape).allMatch(dimension -> dimension >= 0);
    if (!representable) {
      throw new IllegalArgumentException(
          "tensor %s: shape %s, at most %d dimensions from 0 up are possible"
              .formatted(name, Arrays.toString(shape), GgufTensorTable.DIMENSION_LIMIT));
    }
    long size = type.byteSize(shape.length == 0 ? 1 : shape[shape.length - 1]);
    for (int i = 0; i + 1 < shape.length; i++) {
      size = Math.multiplyExact(size, shape[i]);
    }
    return size;
  }

  private int alignment() {
    GgufValue value = values.get(GgufHeader.ALIGNMENT_KEY);
    return value == null ? GgufHeader.DEFAULT_ALIGNMENT : (int) (long) value.value();
  }

  private byte[] header(int alignment) {
    GgufEncoder out = new GgufEncoder();
    out.raw(MAGIC);
    out.i32(VERSION);
    out.i64(tensors.size());
    out.i64(values.size());
    values.forEach(
        (key, value) -> {
          out.string(key);
          out.value(value);
        });
    long offset = 0;
    for (Map.Entry<String, Entry> tensor : tensors.entrySet()) {
      Entry entry = tensor.getValue();
      out.string(tensor.getKey());
      out.i32(entry.shape.length);
      for (int i = entry.shape.length - 1; i >= 0; i--) {
        out.i64(entry.shape[i]);
      }
      out.i32(entry.type.id());
      out.i64(offset);
      offset += entry.size + Math.floorMod(-entry.size, alignment);
    }
    byte[] header = out.toByteArray();
    if (header.length > GgufCursor.HEADER_LIMIT) {
      throw new IllegalStateException(
          "metadata and tensor table take %d bytes, at most %d are possible"
              .formatted(header.length, GgufCursor.HEADER_LIMIT));
    }
    return header;
  }

  private static void requireLength(String what, String name, int minimum, int maximum) {
    int length = GgufEncoder.utf8(name).length;
    if (length < minimum || length > maximum) {
      throw new IllegalArgumentException(
          "%s \"%s\" has %d bytes, %d to %d are possible"
              .formatted(what, name, length, minimum, maximum));
    }
  }
}
