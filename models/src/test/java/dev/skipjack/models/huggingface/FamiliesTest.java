package dev.skipjack.models.huggingface;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.skipjack.loader.container.Metadata;
import dev.skipjack.loader.container.ModelFormatException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FamiliesTest {
  @Test
  void unknownModelTypesAreRefusedWithTheSupportedOnes() {
    assertThatThrownBy(() -> TestKeys.keys("mamba", "\"a\": 1"))
        .isInstanceOf(ModelFormatException.class)
        .hasMessageContaining("key model_type: found mamba")
        .hasMessageContaining("apertus, arcee, bamboo")
        .hasMessageContaining("smollm3");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "llama|'hidden_act': 'silu'|silu",
        "llama|'hidden_act': 'relu'|relu",
        "llama|'hidden_act': 'fatrelu', 'hidden_act_param': 0.01|fatrelu:0.01",
        "bamboo|'hidden_act': 'relu'|drelu",
        "gemma2|'hidden_act': 'gelu', 'hidden_activation': 'gelu_pytorch_tanh'|gelu_pytorch_tanh",
        "gemma2|'hidden_act': 'gelu', 'hidden_activation': null|gelu_pytorch_tanh",
        "falcon|'activation': 'relu', 'layer_norm_epsilon': 1e-5|relu",
        "arcee|'a': 1|relu2",
      })
  void activations(String modelType, String more, String expected) {
    Metadata keys = TestKeys.metadata(modelType, more.replace('\'', '"'));
    assertThat(
            keys.requireString(keys.requireString("general.architecture") + ".hidden_activation"))
        .isEqualTo(expected);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "mistral|'sliding_window': 8|TTTT",
        "mistral|'sliding_window': null|",
        "llama|'sliding_window': 8|",
        "gemma2|'sliding_window': 8|TFTF",
        "gemma2|'sliding_window': 8, 'layer_types': ['F', 'S', 'S', 'F']|FTTF",
        "gemma3_text|'sliding_window': 8, 'sliding_window_pattern': 3|TTFT",
        "smollm3|'sliding_window': 8, 'use_sliding_window': true|FFFT",
        "qwen2|'sliding_window': 8, 'max_window_layers': 3|",
        "qwen2|'sliding_window': 8, 'max_window_layers': 3, 'use_sliding_window': true|FFFT",
      })
  void slidingWindows(String modelType, String more, String expected) {
    String json =
        more.replace('\'', '"')
            .replace("\"F\"", "\"full_attention\"")
            .replace("\"S\"", "\"sliding_attention\"");
    Metadata keys = TestKeys.metadata(modelType, json);
    String prefix = keys.requireString("general.architecture") + ".attention.sliding_window";
    if (expected == null) {
      assertThat(keys.keys()).noneMatch(key -> key.startsWith(prefix));
      return;
    }
    assertThat(keys.requireInteger(prefix)).isEqualTo(8);
    assertThat((boolean[]) keys.value(prefix + "_pattern").orElseThrow())
        .isEqualTo(flags(expected));
  }

  private static boolean[] flags(String text) {
    boolean[] flags = new boolean[text.length()];
    for (int i = 0; i < flags.length; i++) {
      flags[i] = text.charAt(i) == 'T';
    }
    return flags;
  }

  @Test
  void phi3SaysThatItHasNoWindow() {
    assertThat(
            TestKeys.metadata("phi3", "\"sliding_window\": null")
                .requireInteger("phi3.attention.sliding_window"))
        .isZero();
  }

  @Test
  void minicpmScales() {
    Metadata keys =
        TestKeys.metadata(
            "minicpm", "\"scale_emb\": 12, \"scale_depth\": 1.4, \"dim_model_base\": 16");
    assertThat(keys.requireNumber("minicpm.embedding_scale")).isEqualTo(12);
    assertThat(keys.requireNumber("minicpm.residual_scale")).isCloseTo(0.7, within(1e-12));
    assertThat(keys.requireNumber("minicpm.logit_scale")).isEqualTo(4);
  }

  @Test
  void gemmaScalesQueriesByItsOwnScalar() {
    Metadata keys =
        TestKeys.metadata(
            "gemma2", "\"query_pre_attn_scalar\": 144, \"attn_logit_softcapping\": 50.0");
    assertThat(keys.requireNumber("gemma2.attention.scale")).isCloseTo(1 / 12.0, within(1e-12));
    assertThat(keys.requireNumber("gemma2.attn_logit_softcapping")).isEqualTo(50);
    assertThat(keys.has("gemma2.final_logit_softcapping")).isFalse();
  }

  @Test
  void smollm3RotatesAllButEveryFourthLayer() {
    Metadata derived = TestKeys.metadata("smollm3", "\"a\": 1");
    assertThat((boolean[]) derived.value("skipjack.rope.layers").orElseThrow())
        .isEqualTo(flags("TTTF"));
    Metadata stated = TestKeys.metadata("smollm3", "\"no_rope_layers\": [0, 1, 1, 1]");
    assertThat((boolean[]) stated.value("skipjack.rope.layers").orElseThrow())
        .isEqualTo(flags("FTTT"));
  }

  @Test
  void smallThinkerRoutesAndSlidesByLayout() {
    Metadata keys =
        TestKeys.metadata(
            "smallthinker",
            """
            "intermediate_size": null, "moe_ffn_hidden_size": 48, "moe_num_primary_experts": 8,
            "moe_num_active_primary_experts": 2, "rope_layout": [0, 1, 1, 1],
            "sliding_window_layout": [0, 1, 1, 1], "sliding_window_size": 4096\
            """);
    assertThat(keys.requireInteger("smallthinker.feed_forward_length")).isEqualTo(48);
    assertThat(keys.requireInteger("smallthinker.expert_count")).isEqualTo(8);
    assertThat(keys.requireInteger("smallthinker.expert_used_count")).isEqualTo(2);
    assertThat(keys.requireInteger("smallthinker.expert_gating_func")).isEqualTo(2);
    assertThat(keys.requireInteger("smallthinker.attention.sliding_window")).isEqualTo(4096);
    assertThat((boolean[]) keys.value("skipjack.rope.layers").orElseThrow())
        .isEqualTo(flags("FTTT"));
  }

  @Test
  void plmHeadsHaveAnUnrotatedPart() {
    Metadata keys =
        TestKeys.metadata(
            "plm",
            """
            "kv_lora_rank": 32, "qk_nope_head_dim": 24, "qk_rope_head_dim": 8,
            "v_head_dim": 16\
            """);
    assertThat(keys.requireInteger("plm.attention.key_length")).isEqualTo(32);
    assertThat(keys.requireInteger("plm.attention.value_length")).isEqualTo(16);
    assertThat(keys.requireInteger("plm.rope.dimension_count")).isEqualTo(8);
    assertThat(keys.requireString("skipjack.rope.layout")).isEqualTo("norm");
  }

  @Test
  void olderFalconSharesOneKeyHead() {
    Metadata keys =
        TestKeys.metadata(
            "falcon",
            """
            "num_key_value_heads": null, "num_hidden_layers": null, "n_layer": 3,
            "intermediate_size": null, "multi_query": true, "layer_norm_epsilon": 1e-5\
            """);
    assertThat(keys.requireInteger("falcon.block_count")).isEqualTo(3);
    assertThat(keys.requireInteger("falcon.attention.head_count_kv")).isEqualTo(1);
    assertThat(keys.requireInteger("falcon.feed_forward_length")).isEqualTo(256);
    assertThatThrownBy(() -> TestKeys.keys("falcon", "\"alibi\": true"))
        .hasMessageContaining("key alibi: found true");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "'hidden_size': '64'|key hidden_size: found \"64\"",
        "'hidden_size': 0|an integer of at least 1",
        "'hidden_size': -64|an integer of at least 1",
        "'hidden_size': 9223372036854775808|an integer of at least 1",
        "'num_hidden_layers': 2147483647|at most 10000",
        "'num_key_value_heads': 3|a divisor of the 4 heads",
        "'head_dim': 2147483646|at most 65536",
        "'hidden_size': 2147483647|at most 65536",
        "'vocab_size': [1]|an integer of at least 1",
        "'hidden_act': 7|a string",
        "'num_attention_heads': 128|a positive even number",
      })
  void brokenSizesAreRefused(String more, String message) {
    assertThatThrownBy(() -> TestKeys.keys("llama", more.replace('\'', '"')))
        .isInstanceOf(ModelFormatException.class)
        .hasMessageContaining(message);
  }
}
