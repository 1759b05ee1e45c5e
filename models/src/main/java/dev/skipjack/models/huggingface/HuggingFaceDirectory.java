package dev.skipjack.models.huggingface;

import dev.skipjack.loader.container.MappedFiles;
import dev.skipjack.loader.container.Metadata;
import dev.skipjack.loader.container.ModelFile;
import dev.skipjack.loader.container.ModelFormatException;
import dev.skipjack.loader.safetensors.SafetensorsCheckpoint;
import dev.skipjack.loader.safetensors.SafetensorsEntry;
import dev.skipjack.loader.tensor.Tensor;
import java.lang.foreign.Arena;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A Hugging Face model directory under the names and keys of GGUF: {@code config.json}, {@code
 * generation_config.json} where it exists, and safetensors weights. The tokenizer's files are left
 * to whoever asks for {@link #directory}.
 *
 * <p>Beside GGUF's keys there are {@code skipjack.rope.layout} ({@code neox} or {@code norm}),
 * {@code skipjack.rope.layers} (flags of the layers that rotate, where not all do), {@code
 * skipjack.bos_token_ids} and {@code skipjack.eos_token_ids}.
 *
 * <p>Immutable and safe to share between threads; closing it invalidates all tensors.
 */
public final class HuggingFaceDirectory implements ModelFile {
  static final String CONFIG = "config.json";
  private static final String GENERATION_CONFIG = "generation_config.json";

  private final Path directory;
  private final SafetensorsCheckpoint checkpoint;
  private final Arena arena;
  private final Metadata metadata;
  private final Map<String, Tensor> tensors;
  private final Map<String, Long> offsets;

  private HuggingFaceDirectory(Path directory, SafetensorsCheckpoint checkpoint, Arena arena) {
    this.directory = directory;
    this.checkpoint = checkpoint;
    this.arena = arena;
    JsonObject stated = JsonObject.read(directory.resolve(CONFIG));
    Family family = Families.of(stated);
    JsonObject config = family.complete(stated);
    Dimensions dimensions = Dimensions.of(config);
    ModelKeys keys = family.keys(config, dimensions);
    TokenKeys.write(config, generationConfig(directory), keys);
    keys.putGlobal("general.name", directory.toAbsolutePath().normalize().toFile().getName());

    NativeTensors builder = new NativeTensors(arena);
    boolean ternary = Quantization.isOnlineBitNet(config);
    TensorAssembler assembler =
        new TensorAssembler(checkpoint, family, dimensions, ternary, builder);
    assembler.assemble();
    Map<String, Tensor> assembled = new LinkedHashMap<>(assembler.tensors());
    bindOutput(config, stated, assembled);
    keys.vectors().forEach((name, values) -> assembled.put(name, builder.vector(name, values)));
    assembler.layerValues().forEach(keys::putGlobal);

    this.metadata = new Metadata(directory.toString(), keys.values());
    this.tensors = Collections.unmodifiableMap(assembled);
    this.offsets = Map.copyOf(assembler.offsets());
  }

  /**
   * Opens a directory.
   *
   * @throws ModelFormatException if a file is missing, cannot be read or breaks its format, or if
   *     the model type is not supported
   */
  public static HuggingFaceDirectory open(Path directory) {
    SafetensorsCheckpoint checkpoint = SafetensorsCheckpoint.open(directory);
    Arena arena = Arena.ofShared();
    try {
      return new HuggingFaceDirectory(directory, checkpoint, arena);
    } catch (InternalError e) {
      close(checkpoint, arena);
      throw MappedFiles.explain(directory.toString(), e);
    } catch (Throwable e) {
      close(checkpoint, arena);
      throw e;
    }
  }

  private static JsonObject generationConfig(Path directory) {
    Path file = directory.resolve(GENERATION_CONFIG);
    return Files.exists(file) ? JsonObject.read(file) : JsonObject.parse(file.toString(), "{}");
  }

  /** Drops the stored copy of a tied output; an untied one has to be there. */
  private void bindOutput(JsonObject config, JsonObject stated, Map<String, Tensor> assembled) {
    boolean tied = config.bool("tie_word_embeddings").orElse(false);
    boolean statedUntied = !stated.bool("tie_word_embeddings").orElse(true);
    if (tied) {
      assembled.remove("output.weight");
    } else if (statedUntied && !assembled.containsKey("output.weight")) {
      throw new ModelFormatException(
          source(),
          "tensor lm_head.weight",
          "nothing",
          "a matrix, as tie_word_embeddings is false");
    }
  }

  /** The directory itself, for the files of the tokenizer. */
  public Path directory() {
    return directory;
  }

  @Override
  public String source() {
    return directory.toString();
  }

  @Override
  public String container() {
    return checkpoint.container();
  }

  @Override
  public Metadata metadata() {
    return metadata;
  }

  @Override
  public Map<String, Tensor> tensors() {
    return tensors;
  }

  /** Tensors that are no weights, under their own names, such as masks. */
  public List<SafetensorsEntry> skipped() {
    return checkpoint.skipped();
  }

  /**
   * Where a tensor's bytes start in its shard; -1 for a tensor that was computed from others.
   *
   * @throws IllegalArgumentException if the tensor is not from this directory
   */
  @Override
  public long fileOffset(Tensor tensor) {
    if (!tensors.containsKey(tensor.name())) {
      throw new IllegalArgumentException(tensor + " is not in " + source());
    }
    return offsets.getOrDefault(tensor.name(), -1L);
  }

  @Override
  public void close() {
    close(checkpoint, arena);
  }

  private static void close(SafetensorsCheckpoint checkpoint, Arena arena) {
    checkpoint.close();
    arena.close();
  }
}
