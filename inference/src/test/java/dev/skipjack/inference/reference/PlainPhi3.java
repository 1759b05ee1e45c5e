package dev.skipjack.inference.reference;

import static dev.skipjack.inference.reference.PlainMath.multiply;

/** Phi 3: Llama with one matrix for query, key and value and one for gate and up. */
final class PlainPhi3 extends PlainLlama {
  private final int keyLength;
  private final int heads;
  private final int kvHeads;

  PlainPhi3(
      TinyCheckpoint model,
      int layers,
      int heads,
      int kvHeads,
      int keyLength,
      double[] frequencies) {
    super(model, TinyLayers.each(layers, heads), TinyLayers.each(layers, kvHeads), frequencies);
    this.keyLength = keyLength;
    this.heads = heads;
    this.kvHeads = kvHeads;
    halves = true;
  }

  @Override
  double[][] project(int layer, double[] normed) {
    double[][] fused = weight(layer, "attn_qkv");
    int keys = heads * keyLength;
    int values = keys + kvHeads * keyLength;
    return new double[][] {
      multiply(fused, 0, keys, normed),
      multiply(fused, keys, values, normed),
      multiply(fused, values, fused.length, normed)
    };
  }

  @Override
  double[] feedForward(int layer, double[] layerInput, double[] normed) {
    double[][] fused = weight(layer, "ffn_up");
    int length = fused.length / 2;
    return down(
        layer, multiply(fused, 0, length, normed), multiply(fused, length, 2 * length, normed));
  }
}
