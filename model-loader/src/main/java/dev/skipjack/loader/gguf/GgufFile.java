package dev.skipjack.loader.gguf;

import dev.skipjack.loader.container.MappedFiles;
import dev.skipjack.loader.container.Metadata;
import dev.skipjack.loader.container.ModelFile;
import dev.skipjack.loader.container.ModelFormatException;
import dev.skipjack.loader.container.ModelMemory;
import dev.skipjack.loader.tensor.Tensor;
import java.io.IOException;
import java.io.InputStream;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * An open GGUF model, version 2 or 3, whole or split over several files; PowerInfer's variant,
 * which differs in its magic, included. Everything in front of the tensor data is validated before
 * the object exists; tensors are views of the mapped files.
 *
 * <p>Source of the format: ggml, {@code docs/gguf.md}.
 */
public final class GgufFile implements ModelFile {
  /** Metadata key, not stored in the file, that is true for PowerInfer's variant. */
  public static final String POWERINFER_KEY = "powerinfer.container";

  private static final int COPY_BYTES = 1 << 16;

  private final String source;
  private final String container;
  private final Map<String, GgufValue> values;
  private final Metadata metadata;
  private final Map<String, Tensor> tensors;
  private final List<MemorySegment> files;
  private final ModelMemory memory;

  private GgufFile(String source, GgufParts parts, ModelMemory memory) {
    this.source = source;
    this.container =
        "%s v%d".formatted(parts.powerInfer() ? "PowerInfer GGUF" : "GGUF", parts.version());
    this.values = Collections.unmodifiableMap(parts.values());
    this.metadata = new Metadata(source, plain(parts));
    this.tensors = Collections.unmodifiableMap(parts.tensors());
    this.files = parts.files();
    this.memory = memory;
  }

  /**
   * Maps a model file and, if it is the first part of a split model, the other parts beside it.
   *
   * @throws ModelFormatException if the file cannot be read or breaks any rule of the format
   */
  public static GgufFile open(Path path) {
    String source = path.toString();
    ModelMemory memory = new ModelMemory();
    try {
      return new GgufFile(source, GgufParts.open(path, memory), memory);
    } catch (InternalError e) {
      memory.close();
      throw MappedFiles.explain(source, e);
    } catch (Throwable e) {
      memory.close();
      throw e;
    }
  }

  /**
   * Reads a whole model into native memory, for one that is not a file of its own.
   *
   * @param size bytes the stream will deliver
   * @param source where the stream comes from, for messages
   * @throws ModelFormatException if the stream fails, is of another size, or breaks any rule of the
   *     format
   */
  public static GgufFile read(InputStream stream, long size, String source) {
    ModelMemory memory = new ModelMemory();
    try {
      MemorySegment file = memory.arena().allocate(size, GgufHeader.DEFAULT_ALIGNMENT);
      fill(file, stream, source);
      return new GgufFile(source, GgufParts.single(source, file.asReadOnly()), memory);
    } catch (Throwable e) {
      memory.close();
      throw e;
    }
  }

  private static void fill(MemorySegment file, InputStream stream, String source) {
    byte[] buffer = new byte[COPY_BYTES];
    long filled = 0;
    try {
      for (int read; (read = stream.read(buffer)) >= 0; filled += read) {
        if (read > file.byteSize() - filled) {
          throw new ModelFormatException(
              source, "stream", "more bytes", file.byteSize() + " bytes");
        }
        MemorySegment.copy(MemorySegment.ofArray(buffer), 0, file, filled, read);
      }
    } catch (IOException e) {
      throw ModelFormatException.unreadable(source, e);
    }
    if (filled < file.byteSize()) {
      throw new ModelFormatException(
          source, "stream", filled + " bytes", file.byteSize() + " bytes");
    }
  }

  private static Map<String, Object> plain(GgufParts parts) {
    Map<String, Object> plain = new LinkedHashMap<>();
    parts.values().forEach((key, value) -> plain.put(key, value.value()));
    if (parts.powerInfer()) {
      plain.put(POWERINFER_KEY, true);
    }
    return plain;
  }

  @Override
  public String source() {
    return source;
  }

  @Override
  public String container() {
    return container;
  }

  @Override
  public Metadata metadata() {
    return metadata;
  }

  /**
   * Metadata with the types the file stores, in file order, as one unsplit file would hold it: what
   * a {@link GgufWriter} needs for a faithful copy.
   */
  public Map<String, GgufValue> values() {
    return values;
  }

  @Override
  public Map<String, Tensor> tensors() {
    return tensors;
  }

  /**
   * {@inheritDoc}
   *
   * @throws IllegalArgumentException if the tensor is not a view of this model
   */
  @Override
  public long fileOffset(Tensor tensor) {
    for (MemorySegment file : files) {
      long offset = tensor.data().address() - file.address();
      if (offset >= 0 && offset <= file.byteSize() - tensor.byteSize()) {
        return offset;
      }
    }
    throw new IllegalArgumentException(tensor + " is not of " + source);
  }

  @Override
  public void close() {
    memory.close();
  }

  @Override
  public String toString() {
    return "%s (%s, %d tensors)".formatted(source, container, tensors.size());
  }
}
