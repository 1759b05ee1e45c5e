package dev.skipjack.models.huggingface;

/** One step from a {@code config.json} to GGUF keys. */
@FunctionalInterface
interface KeyRule {
  /**
   * Reads what concerns it and writes the keys.
   *
   * @throws dev.skipjack.loader.container.ModelFormatException if the configuration contradicts
   *     itself or asks for something unsupported
   */
  void apply(JsonObject config, Dimensions dimensions, ModelKeys keys);

  /** Copies numbers that mean the same under another name; absent ones stay absent. */
  static KeyRule numbers(String... namesAndSuffixes) {
    return (config, dimensions, keys) -> {
      for (int i = 0; i < namesAndSuffixes.length; i += 2) {
        String suffix = namesAndSuffixes[i + 1];
        config.number(namesAndSuffixes[i]).ifPresent(value -> keys.put(suffix, value));
      }
    };
  }

  /** Copies counts that a model of the family cannot lack. */
  static KeyRule counts(String... namesAndSuffixes) {
    return (config, dimensions, keys) -> {
      for (int i = 0; i < namesAndSuffixes.length; i += 2) {
        keys.put(namesAndSuffixes[i + 1], config.requireCount(namesAndSuffixes[i]));
      }
    };
  }
}
