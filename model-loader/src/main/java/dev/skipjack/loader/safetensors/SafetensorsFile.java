package dev.skipjack.loader.safetensors;

import dev.skipjack.loader.container.MappedFile;
import dev.skipjack.loader.container.MappedFiles;
import dev.skipjack.loader.container.Metadata;
import dev.skipjack.loader.container.ModelFile;
import dev.skipjack.loader.container.ModelFormatException;
import dev.skipjack.loader.container.ModelMemory;
import dev.skipjack.loader.tensor.FilePlace;
import dev.skipjack.loader.tensor.Tensor;
import dev.skipjack.loader.tensor.TensorType;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * One memory-mapped {@code .safetensors} file. F32, F16 and BF16 tensors share the mapping; F64 and
 * eight-bit floats are converted into native memory when the file is opened ({@link
 * SafetensorsType#loadedAs}); other types are listed in {@link #skipped} only. Immutable and safe
 * to share between threads; closing unmaps everything.
 */
public final class SafetensorsFile implements ModelFile {
  private final String source;
  private final ModelMemory memory;
  private final Metadata metadata;
  private final Map<String, Tensor> tensors;
  private final Map<String, Long> offsets;
  private final List<SafetensorsEntry> skipped;

  private SafetensorsFile(String source, ModelMemory memory, MappedFile file) {
    this.source = source;
    this.memory = memory;
    SafetensorsHeader header = SafetensorsHeader.read(source, file.memory());
    this.metadata = new Metadata(source, new LinkedHashMap<>(header.metadata()));
    this.skipped = header.skipped();
    Map<String, Tensor> loaded = new LinkedHashMap<>();
    header
        .loadable()
        .forEach(entry -> loaded.put(entry.name(), load(entry, file, header.dataStart())));
    this.tensors = Collections.unmodifiableMap(loaded);
    this.offsets =
        header
            .loadable()
            .collect(
                Collectors.toUnmodifiableMap(
                    SafetensorsEntry::name, entry -> header.dataStart() + entry.begin()));
  }

  /**
   * Maps and validates a file.
   *
   * @throws ModelFormatException if the file cannot be read or breaks the format
   */
  public static SafetensorsFile open(Path path) {
    String source = path.toString();
    ModelMemory memory = new ModelMemory();
    try {
      return new SafetensorsFile(source, memory, memory.map(path));
    } catch (InternalError e) {
      memory.close();
      throw MappedFiles.explain(source, e);
    } catch (Throwable e) {
      memory.close();
      throw e;
    }
  }

  private Tensor load(SafetensorsEntry entry, MappedFile file, long dataStart) {
    TensorType type = entry.type().loadedAs().orElseThrow();
    long start = dataStart + entry.begin();
    MemorySegment stored = file.memory().asSlice(start, entry.byteSize());
    boolean direct = entry.type().isDirect();
    MemorySegment data =
        direct ? stored : FloatWidening.widen(entry.type(), stored, memory.arena());
    Tensor tensor = new Tensor(entry.name(), type, dimensions(entry), data);
    return direct ? tensor.at(new FilePlace(file, start)) : tensor;
  }

  private long[] dimensions(SafetensorsEntry entry) {
    for (long dimension : entry.shape()) {
      // Rows and columns count in ints, and an empty tensor may claim any other dimension.
      if (dimension > Integer.MAX_VALUE) {
        throw new ModelFormatException(
            source, entry.where(), "dimension " + dimension, "at most " + Integer.MAX_VALUE);
      }
    }
    return entry.shape().stream().mapToLong(Long::longValue).toArray();
  }

  @Override
  public String source() {
    return source;
  }

  @Override
  public String container() {
    return "safetensors";
  }

  /** The strings of {@code __metadata__}, often only {@code format}. */
  @Override
  public Metadata metadata() {
    return metadata;
  }

  @Override
  public Map<String, Tensor> tensors() {
    return tensors;
  }

  /** Tensors of types this runtime does not compute with, such as position ids and masks. */
  public List<SafetensorsEntry> skipped() {
    return skipped;
  }

  /**
   * Where the bytes of a tensor start in the file, also of one that was converted.
   *
   * @throws IllegalArgumentException if the tensor is not from this file
   */
  @Override
  public long fileOffset(Tensor tensor) {
    Long offset = offsets.get(tensor.name());
    if (offset == null) {
      throw new IllegalArgumentException(tensor + " is not in " + source);
    }
    return offset;
  }

  @Override
  public void close() {
    memory.close();
  }
}
