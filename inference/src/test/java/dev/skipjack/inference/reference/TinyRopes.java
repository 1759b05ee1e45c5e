package dev.skipjack.inference.reference;

import static dev.skipjack.inference.reference.TinyLayers.HIDDEN;
import static dev.skipjack.inference.reference.TinyLayers.VOCABULARY;
import static dev.skipjack.inference.reference.TinyLayers.each;
import static dev.skipjack.inference.reference.TinyLayers.equalLayers;
import static dev.skipjack.inference.reference.TinyLayers.gated;
import static dev.skipjack.inference.reference.TinyLayers.headNorms;
import static dev.skipjack.inference.reference.TinyLayers.start;

import dev.skipjack.loader.gguf.GgufValue;

/** Models that stretch their context, one way each. */
enum TinyRopes implements TinyModel {
  LINEAR("llama") {
    @Override
    public PlainDecoder fill(TinyCheckpoint model) {
      model.put("rope.scaling.type", GgufValue.string("linear"));
      model.put("rope.scaling.factor", 2.5f);
      return linear(model);
    }
  },

  /** As the first GGUF files spelled it. */
  LINEAR_BY_ITS_OLD_NAME("llama") {
    @Override
    public PlainDecoder fill(TinyCheckpoint model) {
      model.put("rope.scale_linear", 2.5f);
      return linear(model);
    }
  },

  /** Halves turn together, and the scores grow by {@code (1 + 0.1 ln factor)^2}. */
  YARN("qwen3") {
    private static final double BASE = 10;
    private static final double FACTOR = 4;
    private static final int ORIGINAL_CONTEXT = 16;
    private static final int PAIRS = 8;

    @Override
    public PlainDecoder fill(TinyCheckpoint model) {
      equalLayers(model, LAYERS, 3, 1, 2 * PAIRS);
      headNorms(model, LAYERS, 2 * PAIRS);
      model.put("rope.freq_base", (float) BASE).put("rope.scaling.factor", (float) FACTOR);
      model.put("rope.scaling.type", GgufValue.string("yarn"));
      model.put("rope.scaling.original_context_length", ORIGINAL_CONTEXT);
      PlainLlama reference =
          gatedLlama(model, 3, 1, PlainMath.yarn(BASE, 2 * PAIRS, FACTOR, ORIGINAL_CONTEXT));
      reference.halves = true;
      reference.magnitude = 1 + 0.1 * Math.log(FACTOR);
      return reference;
    }
  },

  /** Factors of LongRoPE for a context beyond the original one; a quarter of a head rests. */
  LONG("phi3") {
    @Override
    public PlainDecoder fill(TinyCheckpoint model) {
      return phi3(model, 40, new double[] {1.5, 2, 4, 7, 11, 20});
    }
  },

  /** The other factors, as the context is no longer than the original one. */
  SHORT("phi3") {
    @Override
    public PlainDecoder fill(TinyCheckpoint model) {
      return phi3(model, 96, new double[] {1, 1.1, 1.2, 1.5, 1.9, 2.5});
    }
  };

  private static final int LAYERS = 2;

  private final String architecture;

  TinyRopes(String architecture) {
    this.architecture = architecture;
  }

  @Override
  public String architecture() {
    return architecture;
  }

  private static PlainLlama linear(TinyCheckpoint model) {
    equalLayers(model, LAYERS, 4, 2, 12);
    double[] frequencies = PlainMath.frequencies(10000, 12);
    for (int i = 0; i < frequencies.length; i++) {
      frequencies[i] /= 2.5;
    }
    return gatedLlama(model, 4, 2, frequencies);
  }

  private static PlainLlama gatedLlama(
      TinyCheckpoint model, int heads, int kvHeads, double[] frequencies) {
    for (int i = 0; i < LAYERS; i++) {
      gated(model, i, 80);
    }
    return new PlainLlama(model, each(LAYERS, heads), each(LAYERS, kvHeads), frequencies);
  }

  /**
   * @param factors the ones of both lists that apply
   */
  private static PlainDecoder phi3(TinyCheckpoint model, int originalContext, double[] factors) {
    int heads = 3;
    int kvHeads = 1;
    int keyLength = 16;
    int rotated = 12;
    model.put("attention.head_count", heads).put("attention.head_count_kv", kvHeads);
    model.put("attention.key_length", keyLength).put("rope.dimension_count", rotated);
    model.put("feed_forward_length", 40);
    model.put("rope.scaling.type", GgufValue.string("longrope"));
    model.put("rope.scaling.original_context_length", originalContext);
    model.put("rope.scaling.attn_factor", 1.19f);
    start(model, LAYERS);
    model.matrix("output.weight", VOCABULARY, HIDDEN);
    for (int i = 0; i < LAYERS; i++) {
      String layer = "blk." + i + ".";
      model.norm(layer + "attn_norm.weight", HIDDEN).norm(layer + "ffn_norm.weight", HIDDEN);
      model.matrix(layer + "attn_qkv.weight", (heads + 2 * kvHeads) * keyLength, HIDDEN);
      model.matrix(layer + "attn_output.weight", HIDDEN, heads * keyLength);
      model.matrix(layer + "ffn_up.weight", 2 * 40, HIDDEN);
      model.matrix(layer + "ffn_down.weight", HIDDEN, 40);
    }
    double[] others = new double[factors.length];
    double[] frequencies = PlainMath.frequencies(10000, rotated);
    for (int i = 0; i < factors.length; i++) {
      others[i] = 3;
      frequencies[i] /= (float) factors[i];
    }
    boolean isLong = originalContext < TinyLayers.CONTEXT;
    model.vector("rope_factors_long.weight", isLong ? factors : others);
    model.vector("rope_factors_short.weight", isLong ? others : factors);
    PlainLlama reference = new PlainPhi3(model, LAYERS, heads, kvHeads, keyLength, frequencies);
    reference.magnitude = 1.19f;
    return reference;
  }
}
