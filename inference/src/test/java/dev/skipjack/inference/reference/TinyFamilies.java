package dev.skipjack.inference.reference;

import static dev.skipjack.inference.reference.TinyLayers.HIDDEN;
import static dev.skipjack.inference.reference.TinyLayers.VOCABULARY;
import static dev.skipjack.inference.reference.TinyLayers.each;
import static dev.skipjack.inference.reference.TinyLayers.equalLayers;
import static dev.skipjack.inference.reference.TinyLayers.gated;
import static dev.skipjack.inference.reference.TinyLayers.headNorms;
import static dev.skipjack.inference.reference.TinyLayers.start;

import dev.skipjack.loader.gguf.GgufType;
import dev.skipjack.loader.gguf.GgufValue;

/** Models of families whose GGUF files have something that no golden file has. */
enum TinyFamilies implements TinyModel {
  /** Slopes for each layer, the rest for all. */
  APERTUS("apertus") {
    private static final double[] NEGATIVE = {0.4, -1.5};
    private static final double[] POSITIVE = {-0.3, 1.2};

    @Override
    public PlainDecoder fill(TinyCheckpoint model) {
      equalLayers(model, NEGATIVE.length, 4, 2, KEY_LENGTH);
      headNorms(model, NEGATIVE.length, KEY_LENGTH);
      for (int i = 0; i < NEGATIVE.length; i++) {
        model.matrix("blk." + i + ".ffn_up.weight", 80, HIDDEN);
        model.matrix("blk." + i + ".ffn_down.weight", HIDDEN, 80);
      }
      model.global("xielu.alpha_n", GgufValue.numbers(GgufType.F32, NEGATIVE));
      model.global("xielu.alpha_p", GgufValue.numbers(GgufType.F32, POSITIVE));
      model.global("xielu.beta", GgufValue.f32(0.5f)).global("xielu.eps", GgufValue.f32(-1e-6f));
      return new PlainApertus(
          model, 4, 2, PlainMath.frequencies(10000, KEY_LENGTH), NEGATIVE, POSITIVE, 0.5, -1e-6);
    }
  },

  /** As PowerInfer writes it: no vocabulary size, neighbours turn together. */
  BAMBOO("bamboo") {
    @Override
    public PlainDecoder fill(TinyCheckpoint model) {
      return bamboo(model);
    }
  },

  /** As other writers do: halves turn together. */
  BAMBOO_WITH_VOCABULARY_SIZE("bamboo") {
    @Override
    public PlainDecoder fill(TinyCheckpoint model) {
      model.put("vocab_size", VOCABULARY);
      PlainLlama reference = bamboo(model);
      reference.halves = true;
      return reference;
    }
  },

  /** Norms before the output and down projections, scales beside all matrices. */
  BITNET("bitnet") {
    @Override
    public PlainDecoder fill(TinyCheckpoint model) {
      int layers = 2;
      equalLayers(model, layers, 4, 2, KEY_LENGTH);
      model.put("hidden_activation", GgufValue.string("relu2"));
      for (int i = 0; i < layers; i++) {
        String layer = "blk." + i + ".";
        gated(model, i, 80);
        model.norm(layer + "attn_sub_norm.weight", 4 * KEY_LENGTH);
        model.norm(layer + "ffn_sub_norm.weight", 80);
        double scale = 0.7;
        for (String role :
            new String[] {
              "attn_q", "attn_k", "attn_v", "attn_output", "ffn_gate", "ffn_up", "ffn_down"
            }) {
          model.vector(layer + role + ".scale", (float) scale);
          scale += 0.1;
        }
      }
      PlainLlama reference = llama(model, layers, 4, 2, KEY_LENGTH);
      reference.halves = true;
      reference.activation = x -> x > 0 ? x * x : 0;
      return reference;
    }
  },

  /** One norm, one key head, GELU. */
  FALCON_7B("falcon") {
    @Override
    public PlainDecoder fill(TinyCheckpoint model) {
      falcon(model, 1, false);
      for (int i = 0; i < 2; i++) {
        model.matrix("blk." + i + ".ffn_down.weight", HIDDEN, 80);
      }
      return new PlainFalcon(model, 2, 4, 1, KEY_LENGTH);
    }
  },

  /** Two norms, ReLU, a predictor that reads the layer's input. */
  FALCON_40B_OF_POWER_INFER("falcon") {
    private static final float THRESHOLD = 0.1f;

    @Override
    public PlainDecoder fill(TinyCheckpoint model) {
      model.powerInfer().global("powerinfer.sparse_threshold", GgufValue.f32(THRESHOLD));
      falcon(model, 2, true);
      for (int i = 0; i < 2; i++) {
        model.matrix("blk." + i + ".ffn_down_t.weight", 80, HIDDEN);
        model.matrix("blk." + i + ".fc1.weight", 16, HIDDEN);
        model.matrix("blk." + i + ".fc2.weight", 80, 16);
      }
      PlainFalcon reference = new PlainFalcon(model, 2, 4, 2, KEY_LENGTH);
      reference.activation = PlainMath::relu;
      reference.threshold = THRESHOLD;
      return reference;
    }
  },

  /** Seven layers, of which the sixth sees everything at a stretched rotation of its own. */
  GEMMA_3("gemma3") {
    @Override
    public PlainDecoder fill(TinyCheckpoint model) {
      int layers = 7;
      equalLayers(model, layers, 4, 2, KEY_LENGTH);
      headNorms(model, layers, KEY_LENGTH);
      model.put("rope.freq_base", 50000f).put("attention.sliding_window", 6);
      model.put("rope.scaling.type", GgufValue.string("linear")).put("rope.scaling.factor", 8f);
      for (int i = 0; i < layers; i++) {
        gated(model, i, 80);
        model.norm("blk." + i + ".post_attention_norm.weight", HIDDEN);
        model.norm("blk." + i + ".post_ffw_norm.weight", HIDDEN);
      }
      double[] local = PlainMath.frequencies(10000, KEY_LENGTH);
      double[] global = PlainMath.frequencies(50000, KEY_LENGTH);
      for (int i = 0; i < global.length; i++) {
        global[i] /= 8;
      }
      PlainLlama reference = llama(model, layers, 4, 2, KEY_LENGTH);
      reference.halves = true;
      reference.embeddingScale = Math.sqrt(HIDDEN);
      reference.activation = PlainMath::tanhGelu;
      reference.frequencies = layer -> layer == 5 ? global : local;
      reference.windows = layer -> layer == 5 ? Integer.MAX_VALUE : 6;
      return reference;
    }
  };

  private static final int KEY_LENGTH = 12;

  private final String architecture;

  TinyFamilies(String architecture) {
    this.architecture = architecture;
  }

  @Override
  public String architecture() {
    return architecture;
  }

  private static PlainLlama llama(
      TinyCheckpoint model, int layers, int heads, int kvHeads, int keyLength) {
    return new PlainLlama(
        model, each(layers, heads), each(layers, kvHeads), PlainMath.frequencies(10000, keyLength));
  }

  private static PlainLlama bamboo(TinyCheckpoint model) {
    int layers = 2;
    equalLayers(model, layers, 4, 2, KEY_LENGTH);
    for (int i = 0; i < layers; i++) {
      gated(model, i, 80);
    }
    PlainLlama reference = llama(model, layers, 4, 2, KEY_LENGTH);
    reference.activation = PlainMath::relu;
    reference.upActivation = PlainMath::relu;
    return reference;
  }

  private static void falcon(TinyCheckpoint model, int kvHeads, boolean twoNorms) {
    model.put("attention.head_count", 4).put("attention.head_count_kv", kvHeads);
    model.put("feed_forward_length", 80).put("attention.layer_norm_epsilon", 1e-5f);
    start(model, 2);
    model.bias("output_norm.bias", HIDDEN);
    for (int i = 0; i < 2; i++) {
      String layer = "blk." + i + ".";
      model.norm(layer + "attn_norm.weight", HIDDEN).bias(layer + "attn_norm.bias", HIDDEN);
      if (twoNorms) {
        model.norm(layer + "attn_norm_2.weight", HIDDEN).bias(layer + "attn_norm_2.bias", HIDDEN);
      }
      model.matrix(layer + "attn_qkv.weight", (4 + 2 * kvHeads) * KEY_LENGTH, HIDDEN);
      model.matrix(layer + "attn_output.weight", HIDDEN, 4 * KEY_LENGTH);
      model.matrix(layer + "ffn_up.weight", 80, HIDDEN);
    }
  }
}
