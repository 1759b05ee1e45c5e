package dev.skipjack.models.huggingface;

import dev.skipjack.loader.container.Metadata;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Keys of configurations without weights. */
final class TestKeys {
  private static final Map<String, String> SMALL =
      Map.of(
          "hidden_size", "64",
          "num_hidden_layers", "4",
          "num_attention_heads", "4",
          "num_key_value_heads", "2",
          "intermediate_size", "128",
          "vocab_size", "320",
          "max_position_embeddings", "256",
          "rms_norm_eps", "1e-5");

  private TestKeys() {}

  /** A small configuration with more entries, {@code "name": value, ...}, which go first. */
  static String config(String modelType, String more) {
    return Stream.concat(
            Stream.of("\"model_type\": \"%s\"".formatted(modelType), more),
            SMALL.entrySet().stream()
                .filter(entry -> !more.contains("\"" + entry.getKey() + "\""))
                .map(entry -> "\"%s\": %s".formatted(entry.getKey(), entry.getValue())))
        .collect(Collectors.joining(", ", "{", "}"));
  }

  static ModelKeys keys(String modelType, String more) {
    JsonObject stated = JsonObject.parse("config.json", config(modelType, more));
    Family family = Families.of(stated);
    JsonObject complete = family.complete(stated);
    return family.keys(complete, Dimensions.of(complete));
  }

  static Metadata metadata(String modelType, String more) {
    return new Metadata("config.json", keys(modelType, more).values());
  }
}
