package dev.skipjack.inference.reference;

import dev.skipjack.loader.gguf.GgufType;
import dev.skipjack.loader.gguf.GgufValue;
import java.util.Arrays;
import java.util.stream.IntStream;

/** The parts that tiny models are made of. */
final class TinyLayers {
  static final int VOCABULARY = 97;
  static final int CONTEXT = 96;
  static final int HIDDEN = 48;

  private TinyLayers() {}

  static int[] prompt(int length) {
    return IntStream.range(0, length).map(i -> (31 * i * i + 7 * i + 3) % VOCABULARY).toArray();
  }

  static int[] each(int layers, int value) {
    int[] values = new int[layers];
    Arrays.fill(values, value);
    return values;
  }

  static void start(TinyCheckpoint model, int layers) {
    model.put("context_length", CONTEXT).put("embedding_length", HIDDEN);
    model.put("block_count", layers);
    model.put("attention.layer_norm_rms_epsilon", (float) PlainMath.EPSILON);
    model.matrix("token_embd.weight", VOCABULARY, HIDDEN).norm("output_norm.weight", HIDDEN);
  }

  static void perLayer(TinyCheckpoint model, String suffix, int[] values) {
    long[] wide = Arrays.stream(values).asLongStream().toArray();
    model.put(suffix, GgufValue.integers(GgufType.I32, wide));
  }

  static void attention(TinyCheckpoint model, int index, int heads, int kvHeads, int keyLength) {
    String layer = "blk." + index + ".";
    model.norm(layer + "attn_norm.weight", HIDDEN).norm(layer + "ffn_norm.weight", HIDDEN);
    model.matrix(layer + "attn_q.weight", heads * keyLength, HIDDEN);
    model.matrix(layer + "attn_k.weight", kvHeads * keyLength, HIDDEN);
    model.matrix(layer + "attn_v.weight", kvHeads * keyLength, HIDDEN);
    model.matrix(layer + "attn_output.weight", HIDDEN, heads * keyLength);
  }

  static void gated(TinyCheckpoint model, int index, int length) {
    String layer = "blk." + index + ".";
    model.matrix(layer + "ffn_gate.weight", length, HIDDEN);
    model.matrix(layer + "ffn_up.weight", length, HIDDEN);
    model.matrix(layer + "ffn_down.weight", HIDDEN, length);
  }

  /** Keys, norms and attention of layers that are alike; an output matrix of its own. */
  static void equalLayers(TinyCheckpoint model, int layers, int heads, int kvHeads, int keyLength) {
    model.put("attention.head_count", heads).put("attention.head_count_kv", kvHeads);
    model.put("attention.key_length", keyLength).put("feed_forward_length", 80);
    start(model, layers);
    model.matrix("output.weight", VOCABULARY, HIDDEN);
    for (int layer = 0; layer < layers; layer++) {
      attention(model, layer, heads, kvHeads, keyLength);
    }
  }

  /** Norms of query and key heads. */
  static void headNorms(TinyCheckpoint model, int layers, int keyLength) {
    for (int i = 0; i < layers; i++) {
      model.norm("blk." + i + ".attn_q_norm.weight", keyLength);
      model.norm("blk." + i + ".attn_k_norm.weight", keyLength);
    }
  }
}
