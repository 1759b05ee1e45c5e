package dev.skipjack.inference.reference;

import static dev.skipjack.inference.reference.TinyLayers.HIDDEN;
import static dev.skipjack.inference.reference.TinyLayers.attention;
import static dev.skipjack.inference.reference.TinyLayers.each;
import static dev.skipjack.inference.reference.TinyLayers.equalLayers;
import static dev.skipjack.inference.reference.TinyLayers.gated;
import static dev.skipjack.inference.reference.TinyLayers.perLayer;
import static dev.skipjack.inference.reference.TinyLayers.start;

import dev.skipjack.inference.reference.PlainSmallThinker.Mixture;
import dev.skipjack.loader.gguf.GgufValue;

/** Random models small enough to be computed by plain loops, each with its reference. */
enum TinyModels implements TinyModel {
  /** Four layers of different width in every respect. */
  LAYERS_OF_DIFFERENT_WIDTHS("llama") {
    private static final int KEY_LENGTH = 8;
    private static final int[] HEADS = {4, 2, 6, 3};
    private static final int[] KV_HEADS = {2, 1, 3, 3};
    private static final int[] LENGTHS = {40, 96, 17, 64};

    @Override
    public PlainDecoder fill(TinyCheckpoint model) {
      perLayer(model, "attention.head_count", HEADS);
      perLayer(model, "attention.head_count_kv", KV_HEADS);
      perLayer(model, "feed_forward_length", LENGTHS);
      model.put("attention.key_length", KEY_LENGTH).put("hidden_activation", RELU);
      start(model, HEADS.length);
      for (int layer = 0; layer < HEADS.length; layer++) {
        attention(model, layer, HEADS[layer], KV_HEADS[layer], KEY_LENGTH);
        gated(model, layer, LENGTHS[layer]);
      }
      PlainLlama reference =
          new PlainLlama(model, HEADS, KV_HEADS, PlainMath.frequencies(10000, KEY_LENGTH));
      reference.activation = PlainMath::relu;
      return reference;
    }
  },

  MINI_CPM("minicpm") {
    @Override
    public PlainDecoder fill(TinyCheckpoint model) {
      PlainLlama reference = llama(model, PlainMath.frequencies(10000, 8));
      model.put("embedding_scale", 3f).put("residual_scale", 0.7f).put("logit_scale", 4f);
      reference.embeddingScale = 3;
      reference.residualScale = 0.7f;
      reference.logitScale = 0.25;
      return reference;
    }
  },

  /** Without multipliers in the file: those of MiniCPM 2B. */
  MINI_CPM_BY_DEFAULT("minicpm") {
    @Override
    public PlainDecoder fill(TinyCheckpoint model) {
      PlainLlama reference = llama(model, PlainMath.frequencies(10000, 8));
      reference.embeddingScale = 12;
      reference.residualScale = 1.4 / Math.sqrt(3);
      reference.logitScale = 256.0 / HIDDEN;
      return reference;
    }
  },

  /** YaRN over eight pairs, of which some are blended, and queries that grow every 10 tokens. */
  MISTRAL_3("mistral3") {
    private static final double BASE = 10;
    private static final double FACTOR = 4;
    private static final int ORIGINAL_CONTEXT = 16;
    private static final int PAIRS = 8;

    @Override
    public PlainDecoder fill(TinyCheckpoint model) {
      int[] heads = {3, 3, 3};
      int[] kvHeads = {1, 1, 1};
      model.put("rope.freq_base", (float) BASE).put("rope.scaling.factor", (float) FACTOR);
      model.put("rope.scaling.type", GgufValue.string("yarn"));
      model.put("rope.scaling.original_context_length", ORIGINAL_CONTEXT);
      model.put("attention.temperature_scale", 0.5f).put("attention.temperature_length", 10);
      model.put("attention.key_length", 2 * PAIRS);
      model.put("attention.head_count", heads[0]).put("attention.head_count_kv", kvHeads[0]);
      model.put("feed_forward_length", 50);
      start(model, heads.length);
      for (int layer = 0; layer < heads.length; layer++) {
        attention(model, layer, heads[layer], kvHeads[layer], 2 * PAIRS);
        gated(model, layer, 50);
      }
      PlainLlama reference =
          new PlainLlama(
              model, heads, kvHeads, PlainMath.yarn(BASE, 2 * PAIRS, FACTOR, ORIGINAL_CONTEXT));
      reference.growth = position -> 1 + 0.5 * Math.log(1 + position / 10);
      return reference;
    }
  },

  PLM("plm") {
    private static final int LAYERS = 3;
    private static final int HEADS = 4;
    private static final int CONTENT = 10;
    private static final int ROTATED = 6;
    private static final int VALUE_LENGTH = 12;
    private static final int RANK = 20;
    private static final int LENGTH = 70;

    @Override
    public PlainDecoder fill(TinyCheckpoint model) {
      model.put("attention.head_count", HEADS).put("attention.kv_lora_rank", RANK);
      model.put("attention.key_length", CONTENT + ROTATED);
      model.put("attention.value_length", VALUE_LENGTH).put("rope.dimension_count", ROTATED);
      model.put("feed_forward_length", LENGTH);
      start(model, LAYERS);
      for (int i = 0; i < LAYERS; i++) {
        String layer = "blk." + i + ".";
        model.norm(layer + "attn_norm.weight", HIDDEN);
        model.matrix(layer + "attn_q.weight", HEADS * (CONTENT + ROTATED), HIDDEN);
        model.matrix(layer + "attn_kv_a_mqa.weight", RANK + ROTATED, HIDDEN);
        model.norm(layer + "attn_kv_a_norm.weight", RANK);
        model.matrix(layer + "attn_kv_b.weight", HEADS * (CONTENT + VALUE_LENGTH), RANK);
        model.matrix(layer + "attn_output.weight", HIDDEN, HEADS * VALUE_LENGTH);
        model.norm(layer + "ffn_norm.weight", HIDDEN);
        model.matrix(layer + "ffn_up.weight", LENGTH, HIDDEN);
        model.matrix(layer + "ffn_down.weight", HIDDEN, LENGTH);
      }
      return new PlainPlm(model, LAYERS, HEADS, CONTENT, ROTATED, VALUE_LENGTH);
    }
  },

  SMALL_THINKER("smallthinker") {
    @Override
    public PlainDecoder fill(TinyCheckpoint model) {
      return smallThinker(model, 7, new Mixture(6, 2, false));
    }
  },

  SMALL_THINKER_WITH_SIGMOID("smallthinker") {
    @Override
    public PlainDecoder fill(TinyCheckpoint model) {
      model.put("expert_gating_func", 2);
      return smallThinker(model, 7, new Mixture(5, 3, true));
    }
  },

  /** Without a window every layer sees and turns everything. */
  SMALL_THINKER_WITHOUT_WINDOW("smallthinker") {
    @Override
    public PlainDecoder fill(TinyCheckpoint model) {
      return smallThinker(model, 0, new Mixture(4, 1, false));
    }
  };

  private static final GgufValue RELU = GgufValue.string("relu");

  private final String architecture;

  TinyModels(String architecture) {
    this.architecture = architecture;
  }

  @Override
  public String architecture() {
    return architecture;
  }

  /** Three equal layers, an output matrix of its own. */
  private static PlainLlama llama(TinyCheckpoint model, double[] frequencies) {
    int layers = 3;
    equalLayers(model, layers, 6, 2, HIDDEN / 6);
    for (int layer = 0; layer < layers; layer++) {
      gated(model, layer, 80);
    }
    return new PlainLlama(model, each(layers, 6), each(layers, 2), frequencies);
  }

  private static PlainDecoder smallThinker(TinyCheckpoint model, int window, Mixture mixture) {
    int layers = 5;
    int heads = 4;
    int kvHeads = 2;
    int keyLength = 10;
    int length = 24;
    model.put("attention.head_count", heads).put("attention.head_count_kv", kvHeads);
    model.put("attention.key_length", keyLength).put("feed_forward_length", length);
    model.put("expert_feed_forward_length", length).put("expert_count", mixture.experts());
    model.put("expert_used_count", mixture.used());
    if (window > 0) {
      model.put("attention.sliding_window", window);
    }
    start(model, layers);
    for (int i = 0; i < layers; i++) {
      String layer = "blk." + i + ".";
      attention(model, i, heads, kvHeads, keyLength);
      model.matrix(layer + "ffn_gate_inp.weight", mixture.experts(), HIDDEN);
      model.stack(layer + "ffn_gate_exps.weight", mixture.experts(), length, HIDDEN);
      model.stack(layer + "ffn_up_exps.weight", mixture.experts(), length, HIDDEN);
      model.stack(layer + "ffn_down_exps.weight", mixture.experts(), HIDDEN, length);
    }
    return new PlainSmallThinker(model, layers, heads, kvHeads, keyLength, window, mixture);
  }
}
