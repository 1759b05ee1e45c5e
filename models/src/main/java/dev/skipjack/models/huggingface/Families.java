package dev.skipjack.models.huggingface;

import dev.skipjack.loader.container.ModelFormatException;
import java.util.List;
import java.util.stream.Collectors;

/** The registry of model types: one entry each. */
final class Families {
  private static final KeyRule RMS =
      KeyRule.numbers("rms_norm_eps", "attention.layer_norm_rms_epsilon");

  private static final KeyRule EVERY_LAYER_SLIDES = SlidingWindow.with((config, layer) -> true);

  private static final KeyRule LATER_LAYERS_SLIDE =
      SlidingWindow.with((config, layer) -> layer >= config.requireCount("max_window_layers"));

  private static final KeyRule EVEN_LAYERS_SLIDE =
      SlidingWindow.with((config, layer) -> layer % 2 == 0);

  private static final KeyRule ALL_BUT_EVERY_NTH_SLIDE =
      SlidingWindow.with(
          (config, layer) -> (layer + 1) % config.requireCount("sliding_window_pattern") != 0);

  private static final KeyRule SOFTCAPS =
      KeyRule.numbers(
          "attn_logit_softcapping", "attn_logit_softcapping",
          "final_logit_softcapping", "final_logit_softcapping");

  private static final List<Family> ALL =
      List.of(
          Family.of("llama", "llama", TensorTables.LLAMA, "{}", RMS),
          Family.of("mistral", "llama", TensorTables.LLAMA, "{}", RMS, EVERY_LAYER_SLIDES),
          Family.of(
              "mixtral",
              "llama",
              TensorTables.MIXTRAL,
              "{\"rope_theta\": 1e6}",
              RMS,
              EVERY_LAYER_SLIDES,
              KeyRule.counts(
                  "num_local_experts", "expert_count",
                  "num_experts_per_tok", "expert_used_count")),
          Family.of(
              "bamboo",
              "llama",
              TensorTables.LLAMA,
              "{}",
              RMS,
              EVERY_LAYER_SLIDES,
              FamilyRules::bambooActivation),
          Family.of(
              "minicpm", "minicpm", TensorTables.LLAMA, "{}", RMS, FamilyRules::minicpmScales),
          Family.of(
              "granite",
              "granite",
              TensorTables.LLAMA,
              "{}",
              RMS,
              KeyRule.numbers(
                  "embedding_multiplier", "embedding_scale",
                  "residual_multiplier", "residual_scale",
                  "attention_multiplier", "attention.scale",
                  "logits_scaling", "logit_scale")),
          Family.of("arcee", "arcee", TensorTables.LLAMA, "{\"hidden_act\": \"relu2\"}", RMS),
          Family.of(
              "smollm3",
              "smollm3",
              TensorTables.LLAMA,
              "{\"rope_theta\": 2e6, \"use_sliding_window\": false, \"no_rope_layer_interval\": 4}",
              RMS,
              FamilyRules::smollm3),
          Family.of(
              "qwen2",
              "qwen2",
              TensorTables.LLAMA,
              "{\"use_sliding_window\": false, \"max_window_layers\": 28}",
              RMS,
              LATER_LAYERS_SLIDE),
          Family.of(
              "qwen3",
              "qwen3",
              TensorTables.QK_NORM,
              "{\"use_sliding_window\": false, \"max_window_layers\": 28}",
              RMS,
              LATER_LAYERS_SLIDE),
          Family.of(
              "gemma2",
              "gemma2",
              TensorTables.GEMMA,
              "{\"hidden_activation\": \"gelu_pytorch_tanh\", \"tie_word_embeddings\": true}",
              RMS,
              SOFTCAPS,
              FamilyRules::gemmaScale,
              EVEN_LAYERS_SLIDE),
          Family.of(
              "gemma3_text",
              "gemma3",
              TensorTables.GEMMA,
              """
              {"hidden_activation": "gelu_pytorch_tanh", "tie_word_embeddings": true,
               "rope_theta": 1e6, "rope_local_base_freq": 1e4, "sliding_window_pattern": 6}\
              """,
              RMS,
              SOFTCAPS,
              FamilyRules::gemmaScale,
              ALL_BUT_EVERY_NTH_SLIDE),
          Family.of(
              "phi3",
              "phi3",
              TensorTables.PHI3,
              "{}",
              RMS,
              FamilyRules::noWindowIsWindowZero,
              EVERY_LAYER_SLIDES),
          Family.of("olmo2", "olmo2", TensorTables.OLMO2, "{}", RMS),
          Family.of("apertus", "apertus", TensorTables.APERTUS, "{\"hidden_act\": \"xielu\"}", RMS),
          Family.of("bitnet", "bitnet", TensorTables.BITNET, "{}", RMS),
          Family.of(
              "nemotron",
              "nemotron",
              TensorTables.NEMOTRON,
              "{\"hidden_act\": \"relu2\", \"partial_rotary_factor\": 0.5}",
              KeyRule.numbers("norm_eps", "attention.layer_norm_epsilon")),
          Family.of(
              "falcon",
              "falcon",
              TensorTables.FALCON,
              """
              {"activation": "gelu", "tie_word_embeddings": true,
               "max_position_embeddings": 2048, "alibi": false, "parallel_attn": true}\
              """,
              KeyRule.numbers("layer_norm_epsilon", "attention.layer_norm_epsilon"),
              FamilyRules::falcon),
          Family.of(
              "plm",
              "plm",
              TensorTables.PLM,
              "{\"hidden_act\": \"relu2\"}",
              RMS,
              KeyRule.counts("kv_lora_rank", "attention.kv_lora_rank"),
              FamilyRules::interleavedRope),
          Family.of(
              "smallthinker",
              "smallthinker",
              TensorTables.SMALLTHINKER,
              "{\"hidden_act\": \"relu\", \"moe_primary_router_apply_softmax\": false}",
              RMS,
              KeyRule.counts(
                  "moe_num_primary_experts", "expert_count",
                  "moe_num_active_primary_experts", "expert_used_count",
                  "moe_ffn_hidden_size", "expert_feed_forward_length"),
              FamilyRules::smallThinker));

  private Families() {}

  /**
   * The family of a configuration.
   *
   * @throws ModelFormatException if its {@code model_type} is not supported
   */
  static Family of(JsonObject config) {
    String modelType = config.requireString("model_type");
    return ALL.stream()
        .filter(family -> family.modelType().equals(modelType))
        .findFirst()
        .orElseThrow(() -> config.error("model_type", modelType, "one of " + supported()));
  }

  /** All model types, for messages. */
  private static String supported() {
    return ALL.stream().map(Family::modelType).sorted().collect(Collectors.joining(", "));
  }
}
