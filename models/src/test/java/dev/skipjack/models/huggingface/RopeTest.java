package dev.skipjack.models.huggingface;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.skipjack.loader.container.Metadata;
import dev.skipjack.loader.container.ModelFormatException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RopeTest {
  private static final String LLAMA3 =
      """
      "rope_type": "llama3", "factor": 32, "low_freq_factor": 1, "high_freq_factor": 4,
      "original_max_position_embeddings": 8192\
      """;

  @Test
  void bothSpellingsMeanTheSame() {
    ModelKeys old =
        TestKeys.keys(
            "llama", "\"rope_theta\": 5e5, \"head_dim\": 64, \"rope_scaling\": {" + LLAMA3 + "}");
    ModelKeys current =
        TestKeys.keys(
            "llama", "\"head_dim\": 64, \"rope_parameters\": {\"rope_theta\": 5e5," + LLAMA3 + "}");
    assertThat(current.values()).isEqualTo(old.values()).containsEntry("llama.rope.freq_base", 5e5);
    assertThat(current.vectors().get("rope_freqs.weight"))
        .isEqualTo(old.vectors().get("rope_freqs.weight"));
  }

  @Test
  void llama3LeavesShortWavesAndStretchesLongOnes() {
    float[] factors =
        TestKeys.keys(
                "llama",
                "\"rope_theta\": 5e5, \"head_dim\": 64, \"rope_scaling\": {" + LLAMA3 + "}")
            .vectors()
            .get("rope_freqs.weight");
    assertThat(factors).hasSize(32).isSorted();
    assertThat(factors[0]).isEqualTo(1);
    assertThat(factors[31]).isEqualTo(32);
    // Pair 15 turns by 5e5^(-30/64): 8192 positions are 2.78 waves, 0.593 of the transition.
    assertThat(factors[15]).isCloseTo(1.6507f, within(1e-3f));
  }

  @Test
  void linearScalingOfGemma3ConcernsFullLayers() {
    Metadata keys =
        TestKeys.metadata(
            "gemma3_text",
            """
            "sliding_window": 8, "rope_local_base_freq": 2e4,
            "rope_scaling": {"rope_type": "linear", "factor": 8}\
            """);
    assertThat(keys.requireNumber("gemma3.rope.freq_base")).isEqualTo(1e6);
    assertThat(keys.requireNumber("gemma3.rope.freq_base_swa")).isEqualTo(2e4);
    assertThat(keys.requireString("gemma3.rope.scaling.type")).isEqualTo("linear");
    assertThat(keys.requireNumber("gemma3.rope.scaling.factor")).isEqualTo(8);
  }

  @Test
  void yarnMagnitudeIsRelativeToTheStandardOne() {
    Metadata keys =
        TestKeys.metadata(
            "qwen3",
            """
            "rope_scaling": {"type": "yarn", "factor": 4, "attention_factor": 1,
             "beta_fast": 30, "original_max_position_embeddings": 64}\
            """);
    assertThat(keys.requireString("qwen3.rope.scaling.type")).isEqualTo("yarn");
    assertThat(keys.requireInteger("qwen3.rope.scaling.original_context_length")).isEqualTo(64);
    assertThat(keys.requireNumber("qwen3.rope.scaling.yarn_beta_fast")).isEqualTo(30);
    assertThat(keys.requireNumber("qwen3.rope.scaling.attn_factor") * (1 + 0.1 * Math.log(4)))
        .isCloseTo(1, within(1e-12));
  }

  @Test
  void longRopeOfPhi3() {
    String factors = "[1, 2, 3, 4, 5, 6, 7, 8]";
    ModelKeys keys =
        TestKeys.keys(
            "phi3",
            """
            "max_position_embeddings": 131072, "original_max_position_embeddings": 4096,
            "rope_scaling": {"type": "longrope", "long_factor": %s, "short_factor": %s}\
            """
                .formatted(factors, factors.replace('8', '9')));
    assertThat(keys.vectors().get("rope_factors_long.weight"))
        .containsExactly(1, 2, 3, 4, 5, 6, 7, 8);
    assertThat(keys.vectors().get("rope_factors_short.weight")).endsWith(9);
    // The published value for 128K contexts.
    assertThat((double) keys.values().get("phi3.rope.scaling.attn_factor"))
        .isCloseTo(1.1902380714, within(1e-9));
  }

  @Test
  void partOfAHeadMayRotate() {
    assertThat(
            TestKeys.metadata("nemotron", "\"norm_eps\": 1e-5")
                .requireInteger("nemotron.rope.dimension_count"))
        .isEqualTo(8);
    assertThat(
            TestKeys.metadata("phi3", "\"rope_parameters\": {\"partial_rotary_factor\": 0.75}")
                .requireInteger("phi3.rope.dimension_count"))
        .isEqualTo(12);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "'rope_scaling': {'type': 'cubic'}|one of default",
        "'rope_scaling': {'type': 7}|expected a string",
        "'rope_theta': 0|a positive number",
        "'rope_scaling': 'linear'|expected an object",
        "'rope_scaling': {'type': 'linear', 'factor': -1}|a positive number",
        "'rope_scaling': {'type': 'longrope', 'long_factor': [1], 'short_factor': [1]}|8, one per",
        "'rope_scaling': {'type': 'longrope', 'long_factor': 1}|a list of finite numbers",
        "'rope_scaling': {'type': 'llama3', 'factor': 8}|low_freq_factor",
        "'partial_rotary_factor': 1.5|(0, 1]",
        "'partial_rotary_factor': 1e999|a finite number",
        "'head_dim': 5|a positive even number",
        "'head_dim': 1|a positive even number",
      })
  void nonsenseIsRefused(String more, String message) {
    assertThatThrownBy(() -> TestKeys.keys("llama", more.replace('\'', '"')))
        .isInstanceOf(ModelFormatException.class)
        .hasMessageContaining(message);
  }
}
