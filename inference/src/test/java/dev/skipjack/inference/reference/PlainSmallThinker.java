package dev.skipjack.inference.reference;

import static dev.skipjack.inference.reference.PlainMath.add;
import static dev.skipjack.inference.reference.PlainMath.multiply;
import static dev.skipjack.inference.reference.PlainMath.relu;
import static dev.skipjack.inference.reference.PlainMath.rotateHalves;
import static dev.skipjack.inference.reference.PlainMath.softmax;

import java.util.Arrays;
import java.util.Comparator;
import java.util.stream.IntStream;

/** SmallThinker (arXiv 2507.20984): ReGLU experts chosen by the layer's input. */
final class PlainSmallThinker extends PlainDecoder {
  private final int headCount;
  private final int kvHeadCount;
  private final int window;
  private final Mixture mixture;
  private final double[] frequencies;

  /**
   * @param sigmoid whether router logits become weights by the sigmoid, not the softmax
   */
  record Mixture(int experts, int used, boolean sigmoid) {}

  /**
   * @param window of three layers in four, or 0 for a model without
   */
  PlainSmallThinker(
      TinyCheckpoint model,
      int layers,
      int headCount,
      int kvHeadCount,
      int keyLength,
      int window,
      Mixture mixture) {
    super(model, layers);
    this.headCount = headCount;
    this.kvHeadCount = kvHeadCount;
    this.window = window;
    this.mixture = mixture;
    this.frequencies = PlainMath.frequencies(10000, keyLength);
  }

  @Override
  int window(int layer) {
    return window == 0 || layer % 4 == 0 ? Integer.MAX_VALUE : window;
  }

  @Override
  Heads heads(int layer, int position, double[] normed) {
    double[] query = multiply(weight(layer, "attn_q"), normed);
    double[] key = multiply(weight(layer, "attn_k"), normed);
    double[] value = multiply(weight(layer, "attn_v"), normed);
    if (window == 0 || layer % 4 != 0) {
      int keyLength = 2 * frequencies.length;
      for (int at = 0; at < query.length; at += keyLength) {
        rotateHalves(query, at, position, frequencies);
      }
      for (int at = 0; at < key.length; at += keyLength) {
        rotateHalves(key, at, position, frequencies);
      }
    }
    return new Heads(headCount, kvHeadCount, query, key, value);
  }

  @Override
  double[] feedForward(int layer, double[] layerInput, double[] normed) {
    double[] logits = multiply(weight(layer, "ffn_gate_inp"), layerInput);
    double[] weights =
        mixture.sigmoid()
            ? Arrays.stream(logits).map(z -> 1 / (1 + Math.exp(-z))).toArray()
            : softmax(logits);
    int[] chosen =
        IntStream.range(0, mixture.experts())
            .boxed()
            .sorted(Comparator.comparingDouble(e -> -weights[e]))
            .limit(mixture.used())
            .mapToInt(e -> e)
            .toArray();
    double sum = Arrays.stream(chosen).mapToDouble(e -> weights[e]).sum();
    double[] out = new double[normed.length];
    for (int e : chosen) {
      add(weights[e] / sum, expert(layer, e, normed), out);
    }
    return out;
  }

  private double[] expert(int layer, int e, double[] normed) {
    double[][] gates = weight(layer, "ffn_gate_exps");
    int length = gates.length / mixture.experts();
    double[] gate = multiply(gates, e * length, (e + 1) * length, normed);
    double[] up = multiply(weight(layer, "ffn_up_exps"), e * length, (e + 1) * length, normed);
    Arrays.setAll(up, i -> relu(gate[i]) * up[i]);
    int hidden = normed.length;
    return multiply(weight(layer, "ffn_down_exps"), e * hidden, (e + 1) * hidden, up);
  }
}
