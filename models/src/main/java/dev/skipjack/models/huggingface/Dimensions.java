package dev.skipjack.models.huggingface;

/**
 * The sizes that most rules need.
 *
 * @param keyLength size of a query or key head
 * @param valueLength size of a value head
 * @param ropeDimensions leading elements of a head that are rotated; even
 */
record Dimensions(
    int hiddenSize,
    int layerCount,
    int headCount,
    int kvHeadCount,
    int keyLength,
    int valueLength,
    int ropeDimensions) {
  // Far above any model, and low enough for arrays of this length.
  private static final int MAX_LAYERS = 10_000;
  private static final int MAX_HEAD_SIZE = 65_536;

  static Dimensions of(JsonObject config) {
    int hiddenSize = config.requireCount("hidden_size");
    int layers =
        atMost(
            MAX_LAYERS,
            config,
            config.requireCount("num_hidden_layers", "n_layer"),
            "num_hidden_layers");
    int heads = config.requireCount("num_attention_heads", "n_head");
    int kvHeads = kvHeadCount(config, heads);
    if (config.has("qk_rope_head_dim")) {
      int rope = headSize(config, "qk_rope_head_dim");
      int keyLength = headSize(config, "qk_nope_head_dim") + rope;
      int valueLength = headSize(config, "v_head_dim");
      return new Dimensions(
          hiddenSize, layers, heads, kvHeads, keyLength, valueLength, even(config, rope));
    }
    int headDim =
        config.has("head_dim")
            ? headSize(config, "head_dim")
            : atMost(MAX_HEAD_SIZE, config, hiddenSize / heads, "head_dim");
    int rope = (int) (headDim * partialRotaryFactor(config));
    return new Dimensions(hiddenSize, layers, heads, kvHeads, headDim, headDim, even(config, rope));
  }

  private static int headSize(JsonObject config, String key) {
    return atMost(MAX_HEAD_SIZE, config, config.requireCount(key), key);
  }

  private static int atMost(int limit, JsonObject config, int value, String what) {
    if (value > limit) {
      throw config.error(what, "" + value, "at most " + limit);
    }
    return value;
  }

  private static int kvHeadCount(JsonObject config, int heads) {
    boolean multiQuery =
        config.bool("multi_query").orElse(false)
            && !config.bool("new_decoder_architecture").orElse(false);
    int kvHeads =
        multiQuery
            ? 1
            : config.count("num_key_value_heads", "num_kv_heads", "n_head_kv").orElse(heads);
    if (heads % kvHeads != 0) {
      throw config.error(
          "num_key_value_heads", "" + kvHeads, "a divisor of the %d heads".formatted(heads));
    }
    return kvHeads;
  }

  private static double partialRotaryFactor(JsonObject config) {
    double factor =
        Rope.parameters(config)
            .number("partial_rotary_factor", "rope_pct", "rope_percent")
            .orElse(1);
    if (!(factor > 0 && factor <= 1)) {
      throw config.error("partial_rotary_factor", "" + factor, "a number in (0, 1]");
    }
    return factor;
  }

  private static int even(JsonObject config, int ropeDimensions) {
    if (ropeDimensions % 2 != 0 || ropeDimensions == 0) {
      throw config.error(
          "head_dim", ropeDimensions + " rotated elements", "a positive even number");
    }
    return ropeDimensions;
  }

  /** Writes the sizes under their GGUF keys. */
  void write(JsonObject config, ModelKeys keys) {
    keys.put("block_count", layerCount);
    keys.put("embedding_length", hiddenSize);
    keys.put("context_length", config.requireCount("max_position_embeddings"));
    keys.put("vocab_size", config.requireCount("vocab_size"));
    keys.put("attention.head_count", headCount);
    keys.put("attention.head_count_kv", kvHeadCount);
    keys.put("attention.key_length", keyLength);
    keys.put("attention.value_length", valueLength);
    config
        .count("intermediate_size", "ffn_hidden_size", "moe_ffn_hidden_size")
        .ifPresent(length -> keys.put("feed_forward_length", length));
  }
}
