package dev.skipjack.models.convert;

import dev.skipjack.loader.container.Metadata;
import dev.skipjack.loader.container.ModelFile;
import dev.skipjack.loader.gguf.GgufFile;
import dev.skipjack.loader.gguf.GgufType;
import dev.skipjack.loader.gguf.GgufValue;
import dev.skipjack.models.convert.tokenizer.TokenizerFiles;
import dev.skipjack.models.huggingface.HuggingFaceDirectory;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/** The metadata of the output. */
final class OutputKeys {
  private static final String FILE_TYPE = "general.file_type";
  private static final String QUANTIZATION_VERSION = "general.quantization_version";

  /** The version of the block layouts that this runtime reads and writes. */
  private static final int BLOCK_LAYOUTS = 2;

  private static final long U32_MAX = 0xffffffffL;

  private OutputKeys() {}

  /**
   * The keys for a model in its new types.
   *
   * @param warnings hears about what could not be carried over
   */
  static Map<String, GgufValue> of(
      ModelFile file,
      ConversionOptions options,
      List<TensorStep> steps,
      Consumer<String> warnings) {
    Map<String, GgufValue> keys =
        switch (file) {
          case GgufFile gguf -> CarriedKeys.of(gguf);
          case HuggingFaceDirectory directory -> ofDirectory(directory, warnings);
          default -> translated(file.metadata());
        };
    // Rows are written in the order that GGUF wants, see RotaryRows.
    keys.remove(RotaryRows.LAYOUT_KEY);
    if (!steps.isEmpty()) {
      keys.put(FILE_TYPE, GgufValue.u32(options.type().fileType(options.pure())));
    }
    if (steps.stream().anyMatch(step -> step.type().blockLength() > 1)) {
      keys.put(QUANTIZATION_VERSION, GgufValue.u32(BLOCK_LAYOUTS));
    }
    return keys;
  }

  private static Map<String, GgufValue> ofDirectory(
      HuggingFaceDirectory directory, Consumer<String> warnings) {
    Metadata metadata = directory.metadata();
    Map<String, GgufValue> keys = translated(metadata);
    String architecture = metadata.requireString("general.architecture");
    int vocabularySize = metadata.requireInteger(architecture + ".vocab_size");
    keys.putAll(TokenizerFiles.read(directory.directory(), vocabularySize, warnings));
    return keys;
  }

  private static Map<String, GgufValue> translated(Metadata metadata) {
    Map<String, GgufValue> keys = new LinkedHashMap<>();
    for (String key : metadata.keys()) {
      keys.put(key, translated(metadata.value(key).orElseThrow()));
    }
    return keys;
  }

  /** A value with the type that GGUF writers usually give it. */
  private static GgufValue translated(Object value) {
    return switch (value) {
      case String text -> GgufValue.string(text);
      case String[] texts -> GgufValue.strings(texts);
      case Boolean flag -> GgufValue.bool(flag);
      case boolean[] flags -> GgufValue.bools(flags);
      case Double number -> GgufValue.f32(number);
      case double[] numbers -> GgufValue.numbers(GgufType.F32, numbers);
      case Long number when number >= 0 && number <= U32_MAX -> GgufValue.u32(number);
      case Long number -> GgufValue.integer(GgufType.I64, number);
      case long[] numbers -> GgufValue.integers(GgufType.I64, numbers);
      default -> throw new IllegalArgumentException("not a metadata value: " + value.getClass());
    };
  }
}
