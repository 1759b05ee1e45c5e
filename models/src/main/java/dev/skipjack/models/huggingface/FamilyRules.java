package dev.skipjack.models.huggingface;

/** Rules that only one family has, or two. */
final class FamilyRules {
  private FamilyRules() {}

  /** Bamboo configurations say {@code relu}, and their code applies it to gate and up. */
  static void bambooActivation(JsonObject config, Dimensions dimensions, ModelKeys keys) {
    keys.put("hidden_activation", "drelu");
  }

  static void minicpmScales(JsonObject config, Dimensions dimensions, ModelKeys keys) {
    keys.put("embedding_scale", config.requireNumber("scale_emb"));
    keys.put(
        "residual_scale", config.requireNumber("scale_depth") / Math.sqrt(dimensions.layerCount()));
    keys.put(
        "logit_scale", dimensions.hiddenSize() / (double) config.requireCount("dim_model_base"));
  }

  /** The query scale is independent of the head size. */
  static void gemmaScale(JsonObject config, Dimensions dimensions, ModelKeys keys) {
    int scalar = config.count("query_pre_attn_scalar").orElse(dimensions.keyLength());
    keys.put("attention.scale", 1 / Math.sqrt(scalar));
  }

  /** Readers of this architecture assume a window when the key is absent. */
  static void noWindowIsWindowZero(JsonObject config, Dimensions dimensions, ModelKeys keys) {
    keys.put("attention.sliding_window", 0);
  }

  /** Layers that do not rotate are the ones that slide, where any do. */
  static void smollm3(JsonObject config, Dimensions dimensions, ModelKeys keys) {
    boolean[] rotates = rotatingLayers(config, dimensions);
    ropeLayers(rotates, keys);
    SlidingWindow.with((unused, layer) -> !rotates[layer]).apply(config, dimensions, keys);
  }

  /** {@code no_rope_layers} has a one for each layer that rotates. */
  private static boolean[] rotatingLayers(JsonObject config, Dimensions dimensions) {
    if (config.has("no_rope_layers")) {
      return SlidingWindow.flags(config, "no_rope_layers", dimensions);
    }
    int interval = config.requireCount("no_rope_layer_interval");
    boolean[] rotates = new boolean[dimensions.layerCount()];
    for (int layer = 0; layer < rotates.length; layer++) {
      rotates[layer] = (layer + 1) % interval != 0;
    }
    return rotates;
  }

  private static void ropeLayers(boolean[] rotates, ModelKeys keys) {
    keys.putGlobal("skipjack.rope.layers", rotates);
  }

  /** PLM trains on interleaved pairs; its own code reorders them before it rotates halves. */
  static void interleavedRope(JsonObject config, Dimensions dimensions, ModelKeys keys) {
    keys.putGlobal("skipjack.rope.layout", "norm");
  }

  static void smallThinker(JsonObject config, Dimensions dimensions, ModelKeys keys) {
    boolean softmax = config.bool("moe_primary_router_apply_softmax").orElseThrow();
    keys.put("expert_gating_func", softmax ? 1 : 2);
    if (config.has("rope_layout")) {
      ropeLayers(SlidingWindow.flags(config, "rope_layout", dimensions), keys);
    }
    if (config.has("sliding_window_layout")) {
      boolean[] slides = SlidingWindow.flags(config, "sliding_window_layout", dimensions);
      for (boolean slide : slides) {
        if (slide) {
          keys.put("attention.sliding_window", config.requireCount("sliding_window_size"));
          keys.put("attention.sliding_window_pattern", slides);
          return;
        }
      }
    }
  }

  static void falcon(JsonObject config, Dimensions dimensions, ModelKeys keys) {
    requireFlag(config, "alibi", false);
    if (!config.bool("new_decoder_architecture").orElse(false)) {
      // The new decoder runs its branches in parallel whatever this flag says.
      requireFlag(config, "parallel_attn", true);
    }
    keys.put("tensor_data_layout", "jploski");
    if (!config.has("ffn_hidden_size")) {
      keys.put("feed_forward_length", 4L * dimensions.hiddenSize());
    }
  }

  private static void requireFlag(JsonObject config, String key, boolean expected) {
    boolean value = config.bool(key).orElse(expected);
    if (value != expected) {
      throw config.error(key, "" + value, expected + ": other Falcon variants are not supported");
    }
  }
}
