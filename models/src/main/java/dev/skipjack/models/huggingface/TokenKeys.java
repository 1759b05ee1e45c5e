package dev.skipjack.models.huggingface;

import java.util.Arrays;
import java.util.stream.LongStream;

/**
 * Begin and end tokens of {@code generation_config.json} and {@code config.json}, in this order.
 */
final class TokenKeys {
  private TokenKeys() {}

  static void write(JsonObject config, JsonObject generation, ModelKeys keys) {
    write("bos", config, generation, keys);
    write("eos", config, generation, keys);
  }

  private static void write(String role, JsonObject config, JsonObject generation, ModelKeys keys) {
    String key = role + "_token_id";
    long[] ids =
        LongStream.concat(
                Arrays.stream(checked(generation, key, config)),
                Arrays.stream(checked(config, key, config)))
            .distinct()
            .toArray();
    if (ids.length > 0) {
      keys.putGlobal("tokenizer.ggml." + key, ids[0]);
      keys.putGlobal("skipjack." + role + "_token_ids", ids);
    }
  }

  private static long[] checked(JsonObject source, String key, JsonObject config) {
    long[] ids = source.integers(key);
    int vocabulary = config.requireCount("vocab_size");
    for (long id : ids) {
      if (id < 0 || id >= vocabulary) {
        throw source.error(key, "" + id, "an id below vocab_size " + vocabulary);
      }
    }
    return ids;
  }
}
