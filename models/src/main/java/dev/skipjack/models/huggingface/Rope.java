package dev.skipjack.models.huggingface;

/**
 * Rotary position embedding: {@code rope_parameters} of transformers 5, or {@code rope_theta} and
 * {@code rope_scaling} before it. The dynamic NTK type needs no key: up to the context length it is
 * the unscaled embedding.
 *
 * <p>Formulas: {@code modeling_rope_utils} of transformers; what GGUF stores of them: the metadata
 * keys of ggml's {@code docs/gguf.md}.
 */
final class Rope {
  private Rope() {}

  /** The parameters of full-attention layers; what they lack comes from the configuration. */
  static JsonObject parameters(JsonObject config) {
    JsonObject parameters =
        config.object("rope_parameters").or(() -> config.object("rope_scaling")).orElse(config);
    return parameters.object("full_attention").orElse(parameters).or(config);
  }

  static void write(JsonObject config, Dimensions dimensions, ModelKeys keys) {
    keys.putGlobal("skipjack.rope.layout", "neox");
    keys.put("rope.dimension_count", dimensions.ropeDimensions());
    JsonObject parameters = parameters(config);
    keys.put("rope.freq_base", base(parameters));
    config
        .object("rope_parameters")
        .flatMap(all -> all.object("sliding_attention"))
        .map(sliding -> sliding.number("rope_theta"))
        .orElseGet(() -> config.number("rope_local_base_freq"))
        .ifPresent(local -> keys.put("rope.freq_base_swa", local));
    String type = parameters.string("rope_type", "type").orElse("default");
    switch (type) {
      case "default", "dynamic" -> {}
      case "linear" -> writeType("linear", factor(parameters), keys);
      case "yarn" -> writeYarn(parameters, keys);
      case "longrope", "su" -> writeLongRope(parameters, dimensions, keys);
      case "llama3" -> keys.vector("rope_freqs.weight", llama3Factors(parameters, dimensions));
      default ->
          throw config.error(
              "rope_type", type, "one of default, dynamic, linear, yarn, longrope, llama3");
    }
  }

  private static double base(JsonObject parameters) {
    double base = parameters.number("rope_theta").orElse(10000);
    if (!(base > 0)) {
      throw parameters.error("rope_theta", "" + base, "a positive number");
    }
    return base;
  }

  private static void writeType(String type, double factor, ModelKeys keys) {
    keys.put("rope.scaling.type", type);
    keys.put("rope.scaling.factor", factor);
  }

  private static void writeYarn(JsonObject parameters, ModelKeys keys) {
    double factor = factor(parameters);
    writeType("yarn", factor, keys);
    keys.put("rope.scaling.original_context_length", originalContext(parameters));
    // GGUF readers multiply by this standard magnitude themselves.
    double standard = magnitude(factor, 1);
    if (parameters.has("attention_factor")) {
      keys.put("rope.scaling.attn_factor", parameters.requireNumber("attention_factor") / standard);
    } else if (parameters.has("mscale") && parameters.has("mscale_all_dim")) {
      double magnitude =
          magnitude(factor, parameters.requireNumber("mscale"))
              / magnitude(factor, parameters.requireNumber("mscale_all_dim"));
      keys.put("rope.scaling.attn_factor", magnitude / standard);
    }
    parameters.number("beta_fast").ifPresent(beta -> keys.put("rope.scaling.yarn_beta_fast", beta));
    parameters.number("beta_slow").ifPresent(beta -> keys.put("rope.scaling.yarn_beta_slow", beta));
  }

  private static double magnitude(double factor, double scale) {
    return factor <= 1 ? 1 : 0.1 * scale * Math.log(factor) + 1;
  }

  private static void writeLongRope(JsonObject parameters, Dimensions dimensions, ModelKeys keys) {
    int original = originalContext(parameters);
    double extension =
        parameters
            .number("factor")
            .orElse(parameters.requireCount("max_position_embeddings") / (double) original);
    double magnitude = extension <= 1 ? 1 : Math.sqrt(1 + Math.log(extension) / Math.log(original));
    keys.put("rope.scaling.type", "longrope");
    keys.put("rope.scaling.original_context_length", original);
    keys.put("rope.scaling.attn_factor", parameters.number("attention_factor").orElse(magnitude));
    keys.vector("rope_factors_long.weight", factors(parameters, "long_factor", dimensions));
    keys.vector("rope_factors_short.weight", factors(parameters, "short_factor", dimensions));
  }

  /** One divisor of the frequency per rotated pair. */
  private static float[] factors(JsonObject parameters, String key, Dimensions dimensions) {
    double[] values =
        parameters.numbers(key).orElseThrow(() -> parameters.error(key, "nothing", "a list"));
    int pairs = dimensions.ropeDimensions() / 2;
    if (values.length != pairs) {
      throw parameters.error(key, values.length + " factors", pairs + ", one per rotated pair");
    }
    float[] factors = new float[pairs];
    for (int i = 0; i < pairs; i++) {
      factors[i] = (float) values[i];
    }
    return factors;
  }

  /**
   * Divisors of the frequencies: 1 for short waves, the factor for waves longer than the original
   * context, a smooth transition between.
   */
  private static float[] llama3Factors(JsonObject parameters, Dimensions dimensions) {
    double base = base(parameters);
    double factor = factor(parameters);
    double low = parameters.requireNumber("low_freq_factor");
    double high = parameters.requireNumber("high_freq_factor");
    double context = parameters.count("original_max_position_embeddings").orElse(8192);
    if (!(high > low)) {
      throw parameters.error("high_freq_factor", "" + high, "more than low_freq_factor " + low);
    }
    float[] factors = new float[dimensions.ropeDimensions() / 2];
    for (int i = 0; i < factors.length; i++) {
      double frequency = Math.pow(base, -2.0 * i / dimensions.ropeDimensions());
      double waves = context * frequency / (2 * Math.PI);
      double smooth = Math.clamp((waves - low) / (high - low), 0, 1);
      factors[i] = (float) (1 / ((1 - smooth) / factor + smooth));
    }
    return factors;
  }

  private static double factor(JsonObject parameters) {
    double factor =
        parameters
            .number("factor")
            .orElseGet(
                () ->
                    parameters.requireCount("max_position_embeddings")
                        / (double) originalContext(parameters));
    if (!(factor > 0)) {
      throw parameters.error("factor", "" + factor, "a positive number");
    }
    return factor;
  }

  private static int originalContext(JsonObject parameters) {
    return parameters
        .count("original_max_position_embeddings")
        .orElseGet(() -> parameters.requireCount("max_position_embeddings"));
  }
}
