package dev.skipjack.inference.reference;

import static dev.skipjack.inference.reference.PlainMath.add;
import static dev.skipjack.inference.reference.PlainMath.multiply;
import static dev.skipjack.inference.reference.PlainMath.rotateHalves;

import java.util.Arrays;
import java.util.function.DoubleUnaryOperator;

/**
 * Falcon: attention and an ungated feed-forward side by side, layer norms, one matrix for query,
 * key and value. Of two norms the second feeds attention. PowerInfer's variant predicts from the
 * layer's input which neurons fire and has the down projection neuron by neuron.
 */
final class PlainFalcon extends PlainDecoder {
  private final int heads;
  private final int kvHeads;
  private final int keyLength;
  private final double[] frequencies;
  DoubleUnaryOperator activation = PlainMath::gelu;

  /** What the predictor has to reach. */
  double threshold;

  PlainFalcon(TinyCheckpoint model, int layers, int heads, int kvHeads, int keyLength) {
    super(model, layers);
    this.heads = heads;
    this.kvHeads = kvHeads;
    this.keyLength = keyLength;
    this.frequencies = PlainMath.frequencies(10000, keyLength);
  }

  @Override
  double[] norm(double[] x, String name) {
    return PlainMath.layerNorm(x, model().get(name + ".weight"), model().get(name + ".bias"));
  }

  @Override
  void forward(int layer, double[][] x) {
    String prefix = "blk." + layer + ".";
    boolean two = weight(layer, "attn_norm_2") != null;
    Heads[] all = new Heads[x.length];
    for (int t = 0; t < x.length; t++) {
      all[t] = heads(layer, t, norm(x[t], prefix + (two ? "attn_norm_2" : "attn_norm")));
    }
    for (int t = 0; t < x.length; t++) {
      double[] input = x[t].clone();
      add(1, attentionOutput(layer, attend(all, t, 0)), x[t]);
      add(1, feedForward(layer, input, norm(input, prefix + "attn_norm")), x[t]);
    }
  }

  @Override
  Heads heads(int layer, int position, double[] normed) {
    double[] fused = multiply(weight(layer, "attn_qkv"), normed);
    int keys = heads * keyLength;
    int values = keys + kvHeads * keyLength;
    for (int at = 0; at < values; at += keyLength) {
      rotateHalves(fused, at, position, frequencies);
    }
    return new Heads(
        heads,
        kvHeads,
        Arrays.copyOf(fused, keys),
        Arrays.copyOfRange(fused, keys, values),
        Arrays.copyOfRange(fused, values, fused.length));
  }

  @Override
  double[] feedForward(int layer, double[] layerInput, double[] normed) {
    double[] up = multiply(weight(layer, "ffn_up"), normed);
    Arrays.setAll(up, i -> activation.applyAsDouble(up[i]));
    double[][] neuronMajor = weight(layer, "ffn_down_t");
    if (neuronMajor == null) {
      return multiply(weight(layer, "ffn_down"), up);
    }
    double[] hidden = multiply(weight(layer, "fc1"), layerInput);
    Arrays.setAll(hidden, i -> PlainMath.relu(hidden[i]));
    double[] predicted = multiply(weight(layer, "fc2"), hidden);
    double[] out = new double[normed.length];
    for (int i = 0; i < up.length; i++) {
      add(predicted[i] >= threshold ? up[i] : 0, neuronMajor[i], out);
    }
    return out;
  }
}
