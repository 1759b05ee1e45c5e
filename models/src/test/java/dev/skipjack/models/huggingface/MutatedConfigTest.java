package dev.skipjack.models.huggingface;

import static org.assertj.core.api.Assertions.assertThat;

import dev.skipjack.loader.container.ModelFormatException;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

/** Whatever a configuration says, it becomes keys or is refused. */
class MutatedConfigTest {
  private static final List<String> MODEL_TYPES =
      List.of("llama", "mixtral", "gemma3_text", "phi3", "falcon", "plm", "smallthinker");

  private static final List<String> KEYS =
      List.of(
          "hidden_size",
          "num_hidden_layers",
          "num_attention_heads",
          "num_key_value_heads",
          "head_dim",
          "vocab_size",
          "max_position_embeddings",
          "rope_theta",
          "rope_scaling",
          "rope_parameters",
          "partial_rotary_factor",
          "sliding_window",
          "sliding_window_layout",
          "layer_types",
          "qk_rope_head_dim",
          "qk_nope_head_dim",
          "v_head_dim",
          "kv_lora_rank",
          "multi_query",
          "moe_ffn_hidden_size",
          "moe_num_primary_experts",
          "hidden_act",
          "moe_num_active_primary_experts",
          "num_local_experts",
          "num_experts_per_tok");

  private static final List<String> VALUES =
      List.of(
          "null",
          "0",
          "1",
          "2",
          "-1",
          "64",
          "0.5",
          "1e308",
          "-1e-300",
          "2147483647",
          "9223372036854775807",
          "18446744073709551616",
          "true",
          "\"\"",
          "\"silu\"",
          "[]",
          "{}",
          "[1, 0, 1, 0]",
          "[[]]",
          "[null]",
          "[\"full_attention\"]",
          "{\"rope_type\": null}",
          "{\"rope_type\": \"linear\", \"factor\": 1e-300}",
          "{\"rope_type\": \"yarn\", \"mscale\": 0, \"mscale_all_dim\": 0}",
          "{\"type\": \"longrope\", \"long_factor\": [1], \"short_factor\": []}",
          "{\"type\": \"llama3\", \"low_freq_factor\": 0, \"high_freq_factor\": 1e-300}");

  @Property(tries = 3000, seed = "20260103")
  void becomesKeysOrIsRefused(@ForAll long seed) {
    Random random = new Random(seed);
    StringBuilder more = new StringBuilder("\"mutation\": " + seed);
    KEYS.stream()
        .filter(key -> random.nextInt(8) == 0)
        .forEach(key -> more.append(", \"%s\": %s".formatted(key, pick(VALUES, random))));
    String modelType = pick(MODEL_TYPES, random);
    try {
      assertThat(TestKeys.metadata(modelType, more.toString()).keys())
          .contains("general.architecture");
    } catch (ModelFormatException e) {
      assertThat(e).hasMessageContaining("key ");
    }
  }

  private static String pick(List<String> list, Random random) {
    return list.get(random.nextInt(list.size()));
  }
}
