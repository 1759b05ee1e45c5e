package dev.skipjack.loader.safetensors;

import dev.skipjack.loader.container.Metadata;
import dev.skipjack.loader.container.ModelFile;
import dev.skipjack.loader.container.ModelFormatException;
import dev.skipjack.loader.tensor.Tensor;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * All weights of a directory: {@code model.safetensors}, or the shards that {@code
 * model.safetensors.index.json} names. Names are the checkpoint's own. Immutable and safe to share
 * between threads; closing closes every shard.
 */
public final class SafetensorsCheckpoint implements ModelFile {
  private static final String SINGLE = "model.safetensors";
  private static final String INDEX = "model.safetensors.index.json";

  private final String source;
  private final Map<String, SafetensorsFile> shards;
  private final Map<String, Tensor> tensors;
  private final Map<String, SafetensorsFile> shardOf;
  private final List<SafetensorsEntry> skipped;

  private SafetensorsCheckpoint(
      String source,
      Map<String, SafetensorsFile> shards,
      Map<String, Tensor> tensors,
      Map<String, SafetensorsFile> shardOf,
      List<SafetensorsEntry> skipped) {
    this.source = source;
    this.shards = shards;
    this.tensors = Collections.unmodifiableMap(tensors);
    this.shardOf = shardOf;
    this.skipped = List.copyOf(skipped);
  }

  /**
   * Opens the weights of a directory; a single file goes before an index.
   *
   * @throws ModelFormatException if the directory holds neither, or a file cannot be read or breaks
   *     its format
   */
  public static SafetensorsCheckpoint open(Path directory) {
    if (Files.exists(directory.resolve(SINGLE))) {
      SafetensorsFile file = SafetensorsFile.open(directory.resolve(SINGLE));
      Map<String, SafetensorsFile> shardOf = new LinkedHashMap<>();
      file.tensors().keySet().forEach(name -> shardOf.put(name, file));
      return new SafetensorsCheckpoint(
          directory.toString(), Map.of(SINGLE, file), file.tensors(), shardOf, file.skipped());
    }
    if (Files.exists(directory.resolve(INDEX))) {
      return openShards(directory, ShardIndex.read(directory.resolve(INDEX)));
    }
    throw new ModelFormatException(
        directory.toString(),
        "directory",
        "no safetensors weights",
        SINGLE + " or " + INDEX + "; convert other formats, such as pytorch_model.bin, first");
  }

  private static SafetensorsCheckpoint openShards(Path directory, ShardIndex index) {
    Map<String, SafetensorsFile> shards = new LinkedHashMap<>();
    try {
      for (String file : index.shardOf().values()) {
        if (!shards.containsKey(file)) {
          shards.put(file, openShard(directory, file));
        }
      }
      return bind(directory, index, shards);
    } catch (Throwable e) {
      shards.values().forEach(SafetensorsFile::close);
      throw e;
    }
  }

  private static SafetensorsFile openShard(Path directory, String file) {
    Path path = directory.resolve(file);
    if (!Files.exists(path)) {
      throw new ModelFormatException(
          directory.resolve(INDEX).toString(),
          "weight_map",
          "no file " + file + " beside it",
          "all shards in one directory");
    }
    return SafetensorsFile.open(path);
  }

  private static SafetensorsCheckpoint bind(
      Path directory, ShardIndex index, Map<String, SafetensorsFile> shards) {
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    Map<String, SafetensorsFile> shardOf = new LinkedHashMap<>();
    List<SafetensorsEntry> skipped = new ArrayList<>();
    Map<String, Map<String, SafetensorsEntry>> skippedOf = new LinkedHashMap<>();
    shards.forEach((file, shard) -> skippedOf.put(file, byName(shard.skipped())));
    index
        .shardOf()
        .forEach(
            (name, file) -> {
              SafetensorsFile shard = shards.get(file);
              Tensor tensor = shard.tensors().get(name);
              SafetensorsEntry other = skippedOf.get(file).get(name);
              if (tensor != null) {
                tensors.put(name, tensor);
                shardOf.put(name, shard);
              } else if (other != null) {
                skipped.add(other);
              } else {
                throw new ModelFormatException(
                    shard.source(), "tensor " + name, "nothing", "the tensor " + INDEX + " names");
              }
            });
    return new SafetensorsCheckpoint(directory.toString(), shards, tensors, shardOf, skipped);
  }

  private static Map<String, SafetensorsEntry> byName(List<SafetensorsEntry> entries) {
    Map<String, SafetensorsEntry> byName = new LinkedHashMap<>();
    entries.forEach(entry -> byName.put(entry.name(), entry));
    return byName;
  }

  @Override
  public String source() {
    return source;
  }

  @Override
  public String container() {
    return shards.size() == 1 ? "safetensors" : "safetensors, %d files".formatted(shards.size());
  }

  /** Empty: what shards say about themselves is not about the whole. */
  @Override
  public Metadata metadata() {
    return new Metadata(source, Map.of());
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
   * Where the bytes of a tensor start in its shard.
   *
   * @throws IllegalArgumentException if the tensor is not from this checkpoint
   */
  @Override
  public long fileOffset(Tensor tensor) {
    SafetensorsFile shard = shardOf.get(tensor.name());
    if (shard == null) {
      throw new IllegalArgumentException(tensor + " is not in " + source);
    }
    return shard.fileOffset(tensor);
  }

  @Override
  public void close() {
    shards.values().forEach(SafetensorsFile::close);
  }
}
