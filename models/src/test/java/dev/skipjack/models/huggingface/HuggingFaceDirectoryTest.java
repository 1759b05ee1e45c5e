package dev.skipjack.models.huggingface;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.skipjack.loader.container.ModelFormatException;
import dev.skipjack.loader.tensor.Tensor;
import java.net.URISyntaxException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class HuggingFaceDirectoryTest {
  @TempDir Path directory;

  private TestDirectory model(String modelType, String more) {
    return new TestDirectory(directory).config(TestKeys.config(modelType, more));
  }

  private static Path resource(String name) {
    try {
      return Path.of(HuggingFaceDirectoryTest.class.getResource("/" + name).toURI());
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"llama-tied-rope3", "mixtral", "nemotron"})
  void equalsWhatAConverterMadeOfTheSameWeights(String name) {
    int keys =
        GgufTwin.assertEqual(resource("huggingface/" + name), resource("gguf/" + name + ".gguf"));
    assertThat(keys).isGreaterThanOrEqualTo(10);
  }

  @Test
  void renamedTensorsStayInTheMapping() {
    try (HuggingFaceDirectory model =
        model("llama", "\"a\": 1").tensor("model.norm.weight", 1, 4).open()) {
      Tensor norm = model.tensors().get("output_norm.weight");
      assertThat(norm.data().isMapped()).isTrue();
      assertThat(norm.toFloats()).containsExactly(1, 2, 3, 4);
      assertThat(model.fileOffset(norm)).isPositive();
      assertThat(model.directory()).isEqualTo(directory);
      assertThat(model.metadata().requireString("skipjack.rope.layout")).isEqualTo("neox");
    }
  }

  @Test
  void endTokensAreTheUnionOfBothConfigurations() {
    TestDirectory files = model("llama", "\"eos_token_id\": 2, \"bos_token_id\": null");
    files.file("generation_config.json", "{\"eos_token_id\": [7, 2, 9], \"bos_token_id\": 1}");
    try (HuggingFaceDirectory model = files.open()) {
      assertThat(model.metadata().integers("skipjack.eos_token_ids"))
          .hasValueSatisfying(ids -> assertThat(ids).containsExactly(7, 2, 9));
      assertThat(model.metadata().requireInteger("tokenizer.ggml.eos_token_id")).isEqualTo(7);
      assertThat(model.metadata().requireInteger("tokenizer.ggml.bos_token_id")).isEqualTo(1);
    }
  }

  @Test
  void aTiedOutputIsNotBoundTwice() {
    try (HuggingFaceDirectory model =
        model("llama", "\"tie_word_embeddings\": true")
            .tensor("lm_head.weight", 0, 2, 2)
            .tensor("model.embed_tokens.weight", 0, 2, 2)
            .open()) {
      assertThat(model.tensors().keySet()).containsExactly("token_embd.weight");
    }
    assertThatThrownBy(() -> model("llama", "\"tie_word_embeddings\": false").open())
        .hasMessageContaining("tensor lm_head.weight: found nothing");
  }

  @Test
  void stackedGateAndUpAreSplitPerExpert() {
    try (HuggingFaceDirectory model =
        model("mixtral", "\"num_local_experts\": 2, \"num_experts_per_tok\": 1")
            .tensor("model.layers.3.mlp.experts.gate_up_proj", 0, 2, 4, 1)
            .tensor("model.layers.3.mlp.experts.down_proj", 0, 2, 1, 2)
            .open()) {
      Tensor gate = model.tensors().get("blk.3.ffn_gate_exps.weight");
      Tensor up = model.tensors().get("blk.3.ffn_up_exps.weight");
      assertThat(gate.shape()).containsExactly(2, 2, 1);
      assertThat(gate.toFloats()).containsExactly(0, 1, 4, 5);
      assertThat(up.toFloats()).containsExactly(2, 3, 6, 7);
      assertThat(model.fileOffset(gate)).isEqualTo(-1);
      assertThat(model.tensors().get("blk.3.ffn_down_exps.weight").data().isMapped()).isTrue();
    }
  }

  @Test
  void falconRowsAreRegrouped() {
    String sizes =
        """
        "hidden_size": 8, "num_kv_heads": 2, "num_key_value_heads": null,
        "new_decoder_architecture": true, "layer_norm_epsilon": 1e-5\
        """;
    try (HuggingFaceDirectory model =
        model("falcon", sizes)
            .tensor("transformer.h.0.self_attention.query_key_value.weight", 0, 16, 1)
            .tensor("transformer.h.0.self_attention.query_key_value.bias", 0, 16)
            .open()) {
      // Two groups of (query, query, key, value), two rows each.
      float[] regrouped = {0, 1, 2, 3, 8, 9, 10, 11, 4, 5, 12, 13, 6, 7, 14, 15};
      assertThat(model.tensors().get("blk.0.attn_qkv.weight").toFloats()).isEqualTo(regrouped);
      assertThat(model.tensors().get("blk.0.attn_qkv.bias").toFloats()).isEqualTo(regrouped);
    }
  }

  @Test
  void bitNetMasterWeightsAreQuantised() {
    String online =
        "\"quantization_config\": {\"quant_method\": \"bitnet\", \"quantization_mode\":"
            + " \"online\"}";
    float[] weights = {0.5f, -1.5f, 0.1f, 1.9f, 0.4f, -1.6f};
    try (HuggingFaceDirectory model =
        model("bitnet", online).tensor("model.layers.0.mlp.up_proj.weight", weights, 2, 3).open()) {
      assertThat(model.tensors().get("blk.0.ffn_up.scale").toFloats()).containsExactly(1);
      assertThat(model.tensors().get("blk.0.ffn_up.weight").toFloats())
          .containsExactly(0, -1, 0, 1, 0, -1);
    }
  }

  @Test
  void layerScalarsBecomeKeys() {
    TestDirectory files = model("apertus", "\"num_hidden_layers\": 2");
    files.tensor("model.layers.1.mlp.act_fn.alpha_p", 5, 1);
    assertThatThrownBy(files::open)
        .hasMessageContaining("xielu.alpha_p: found no number for layer 0");
    files.tensor("model.layers.0.mlp.act_fn.alpha_p", 3);
    try (HuggingFaceDirectory model = files.open()) {
      assertThat(model.metadata().numbers("xielu.alpha_p"))
          .hasValueSatisfying(values -> assertThat(values).containsExactly(3, 5));
      assertThat(model.tensors()).isEmpty();
    }
  }

  @Test
  void shiftedNormsGainOne() {
    try (HuggingFaceDirectory model =
        model("gemma2", "\"a\": 1").tensor("model.layers.0.input_layernorm.weight", 0, 2).open()) {
      assertThat(model.tensors().get("blk.0.attn_norm.weight").toFloats()).containsExactly(1, 2);
    }
  }

  @Test
  void aWeightWithoutTranslationIsRefused() {
    assertThatThrownBy(() -> model("llama", "\"a\": 1").tensor("model.extra.weight", 0, 1).open())
        .isInstanceOf(ModelFormatException.class)
        .hasMessageContaining("tensor model.extra.weight")
        .hasMessageContaining("llama");
  }

  @Test
  void integersArePassedOverUnlessTheyAreWeights() {
    try (HuggingFaceDirectory model =
        model("llama", "\"a\": 1").integers("model.position_ids", 1).open()) {
      assertThat(model.skipped()).hasSize(1);
    }
    assertThatThrownBy(() -> model("llama", "\"a\": 1").integers("lm_head.weight", 1).open())
        .hasMessageContaining("dtype I32");
  }

  @Test
  void expertsMustBeCompleteAndAlike() {
    String expert = "model.layers.0.block_sparse_moe.experts.%d.w1.weight";
    String experts = "\"num_local_experts\": 2, \"num_experts_per_tok\": 1";
    assertThatThrownBy(() -> model("mixtral", experts).tensor(expert.formatted(1), 0, 1, 1).open())
        .hasMessageContaining("no gaps");
    assertThatThrownBy(
            () ->
                model("mixtral", experts)
                    .tensor(expert.formatted(0), 0, 1, 2)
                    .tensor(expert.formatted(1), 0, 2, 1)
                    .open())
        .hasMessageContaining("as its siblings");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{|not valid JSON",
        "[]|a JSON object",
        "{}|key model_type: found nothing",
        "{'model_type': 'llama', 'model_type': 'gemma2'}|uplicate",
        "{'model_type': 'llama'} {}|not valid JSON",
        "{'model_type': 'llama'}|key hidden_size: found nothing",
      })
  void aBrokenConfigurationIsRefused(String json, String message) {
    assertThatThrownBy(() -> new TestDirectory(directory).config(json.replace('\'', '"')).open())
        .isInstanceOf(ModelFormatException.class)
        .hasMessageContaining("config.json")
        .hasMessageContaining(message);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "'eos_token_id': 320|an id below vocab_size 320",
        "'eos_token_id': -1|an id below vocab_size 320",
        "'eos_token_id': [1, 'x']|integers",
        "'quantization_config': {'quant_method': 'gptq'}|convert this one to GGUF",
        "'quantization_config': {'quant_method': 'bitnet'}|convert this one to GGUF",
      })
  void unusableConfigurationsAreRefused(String more, String message) {
    assertThatThrownBy(() -> model("llama", more.replace('\'', '"')).open())
        .isInstanceOf(ModelFormatException.class)
        .hasMessageContaining(message);
  }

  @Test
  void aDirectoryWithoutConfigurationIsRefused() {
    assertThatThrownBy(() -> new TestDirectory(directory).open())
        .isInstanceOf(ModelFormatException.class)
        .hasMessageContaining("config.json");
  }
}
