package dev.skipjack.models.huggingface;

/** The tensor names of all families: theirs on the left, GGUF's on the right. */
final class TensorTables {
  static final TensorNames LLAMA =
      TensorNames.of(
          """
          model.embed_tokens                              token_embd
          model.layers.#.input_layernorm                  blk.#.attn_norm
          model.layers.#.self_attn.q_proj                 blk.#.attn_q
          model.layers.#.self_attn.k_proj                 blk.#.attn_k
          model.layers.#.self_attn.v_proj                 blk.#.attn_v
          model.layers.#.self_attn.o_proj                 blk.#.attn_output
          model.layers.#.post_attention_layernorm         blk.#.ffn_norm
          model.layers.#.mlp.gate_proj                    blk.#.ffn_gate
          model.layers.#.mlp.up_proj                      blk.#.ffn_up
          model.layers.#.mlp.down_proj                    blk.#.ffn_down
          model.norm                                      output_norm
          lm_head                                         output
          model.rotary_emb.inv_freq                       -                   IGNORE
          model.layers.#.self_attn.rotary_emb.inv_freq    -                   IGNORE\
          """);

  static final TensorNames QK_NORM =
      LLAMA.with(
          """
          model.layers.#.self_attn.q_norm                 blk.#.attn_q_norm
          model.layers.#.self_attn.k_norm                 blk.#.attn_k_norm\
          """);

  static final TensorNames MIXTRAL =
      LLAMA.with(
          """
          model.layers.#.block_sparse_moe.gate            blk.#.ffn_gate_inp
          model.layers.#.block_sparse_moe.experts.@.w1    blk.#.ffn_gate_exps  STACK
          model.layers.#.block_sparse_moe.experts.@.w2    blk.#.ffn_down_exps  STACK
          model.layers.#.block_sparse_moe.experts.@.w3    blk.#.ffn_up_exps    STACK
          model.layers.#.mlp.gate                         blk.#.ffn_gate_inp
          model.layers.#.mlp.experts.down_proj            blk.#.ffn_down_exps.weight
          model.layers.#.mlp.experts.gate_up_proj \
              blk.#.ffn_gate_exps.weight  SPLIT_GATE_UP  blk.#.ffn_up_exps.weight\
          """);

  static final TensorNames SMALLTHINKER =
      LLAMA.with(
          """
          model.layers.#.block_sparse_moe.primary_router  blk.#.ffn_gate_inp
          model.layers.#.block_sparse_moe.experts.@.gate  blk.#.ffn_gate_exps  STACK
          model.layers.#.block_sparse_moe.experts.@.up    blk.#.ffn_up_exps    STACK
          model.layers.#.block_sparse_moe.experts.@.down  blk.#.ffn_down_exps  STACK\
          """);

  static final TensorNames PHI3 =
      LLAMA.with(
          """
          model.layers.#.self_attn.qkv_proj               blk.#.attn_qkv
          model.layers.#.mlp.gate_up_proj                 blk.#.ffn_up\
          """);

  static final TensorNames GEMMA =
      QK_NORM.with(
          """
          model.layers.#.input_layernorm                  blk.#.attn_norm            PLUS_ONE
          model.layers.#.self_attn.q_norm                 blk.#.attn_q_norm          PLUS_ONE
          model.layers.#.self_attn.k_norm                 blk.#.attn_k_norm          PLUS_ONE
          model.layers.#.post_attention_layernorm         blk.#.post_attention_norm  PLUS_ONE
          model.layers.#.pre_feedforward_layernorm        blk.#.ffn_norm             PLUS_ONE
          model.layers.#.post_feedforward_layernorm       blk.#.post_ffw_norm        PLUS_ONE
          model.norm                                      output_norm                PLUS_ONE\
          """);

  static final TensorNames OLMO2 =
      QK_NORM.with(
          """
          model.layers.#.post_attention_layernorm         blk.#.post_attention_norm
          model.layers.#.post_feedforward_layernorm       blk.#.post_ffw_norm\
          """);

  /** Its layer norms add one to the weight, not to the bias. */
  static final TensorNames NEMOTRON =
      LLAMA.with(
          """
          model.layers.#.input_layernorm                  blk.#.attn_norm      PLUS_ONE
          model.layers.#.post_attention_layernorm         blk.#.ffn_norm       PLUS_ONE
          model.norm                                      output_norm          PLUS_ONE\
          """);

  static final TensorNames APERTUS =
      QK_NORM.with(
          """
          model.layers.#.attention_layernorm              blk.#.attn_norm
          model.layers.#.feedforward_layernorm            blk.#.ffn_norm
          model.layers.#.mlp.act_fn.alpha_n               xielu.alpha_n        LAYER_VALUE
          model.layers.#.mlp.act_fn.alpha_p               xielu.alpha_p        LAYER_VALUE
          model.layers.#.mlp.act_fn.beta                  xielu.beta           LAYER_VALUE
          model.layers.#.mlp.act_fn.eps                   xielu.eps            LAYER_VALUE\
          """);

  static final TensorNames BITNET =
      LLAMA.with(
          """
          model.layers.#.self_attn.q_proj                 blk.#.attn_q         BITNET
          model.layers.#.self_attn.k_proj                 blk.#.attn_k         BITNET
          model.layers.#.self_attn.v_proj                 blk.#.attn_v         BITNET
          model.layers.#.self_attn.o_proj                 blk.#.attn_output    BITNET
          model.layers.#.mlp.gate_proj                    blk.#.ffn_gate       BITNET
          model.layers.#.mlp.up_proj                      blk.#.ffn_up         BITNET
          model.layers.#.mlp.down_proj                    blk.#.ffn_down       BITNET
          model.layers.#.self_attn.attn_sub_norm          blk.#.attn_sub_norm
          model.layers.#.mlp.ffn_sub_norm                 blk.#.ffn_sub_norm\
          """);

  static final TensorNames PLM =
      LLAMA.with(
          """
          model.layers.#.self_attn.kv_a_proj_with_mqa     blk.#.attn_kv_a_mqa
          model.layers.#.self_attn.kv_a_layernorm         blk.#.attn_kv_a_norm
          model.layers.#.self_attn.kv_b_proj              blk.#.attn_kv_b\
          """);

  /** One norm before both branches (7B, 11B) or one for each (40B, 180B). */
  static final TensorNames FALCON =
      TensorNames.of(
          """
          transformer.word_embeddings                     token_embd
          transformer.h.#.input_layernorm                 blk.#.attn_norm
          transformer.h.#.ln_mlp                          blk.#.attn_norm
          transformer.h.#.ln_attn                         blk.#.attn_norm_2
          transformer.h.#.self_attention.query_key_value  blk.#.attn_qkv       GROUPED_QKV
          transformer.h.#.self_attention.dense            blk.#.attn_output
          transformer.h.#.mlp.dense_h_to_4h               blk.#.ffn_up
          transformer.h.#.mlp.dense_4h_to_h               blk.#.ffn_down
          transformer.ln_f                                output_norm
          lm_head                                         output
          transformer.h.#.self_attention.rotary_emb.inv_freq          -        IGNORE
          transformer.h.#.self_attention.maybe_rotary.inv_freq        -        IGNORE\
          """);

  private TensorTables() {}
}
