package dev.skipjack.models.huggingface;

import java.util.List;

/**
 * How checkpoints of one {@code model_type} are read.
 *
 * @param modelType the value in {@code config.json}
 * @param architecture GGUF's name
 * @param names the translation of tensor names
 * @param defaults what the family assumes where {@code config.json} is silent, as JSON
 * @param rules what the family adds to {@link #keys the keys every decoder has}
 */
record Family(
    String modelType,
    String architecture,
    TensorNames names,
    String defaults,
    List<KeyRule> rules) {
  static Family of(
      String modelType, String architecture, TensorNames names, String defaults, KeyRule... rules) {
    return new Family(modelType, architecture, names, defaults, List.of(rules));
  }

  /** The configuration with the family's defaults. */
  JsonObject complete(JsonObject config) {
    return config.or(JsonObject.parse("defaults of " + modelType, defaults));
  }

  /** All keys and computed vectors of a complete configuration. */
  ModelKeys keys(JsonObject config, Dimensions dimensions) {
    ModelKeys keys = new ModelKeys(architecture);
    dimensions.write(config, keys);
    Rope.write(config, dimensions, keys);
    activation(config, keys);
    rules.forEach(rule -> rule.apply(config, dimensions, keys));
    return keys;
  }

  private static void activation(JsonObject config, ModelKeys keys) {
    config
        .string("hidden_activation", "hidden_act", "activation")
        .map(
            name ->
                config.has("hidden_act_param")
                    ? name + ":" + config.requireNumber("hidden_act_param")
                    : name)
        .ifPresent(text -> keys.put("hidden_activation", text));
  }
}
