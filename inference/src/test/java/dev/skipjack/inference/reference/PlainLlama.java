package dev.skipjack.inference.reference;

import static dev.skipjack.inference.reference.PlainMath.multiply;
import static dev.skipjack.inference.reference.PlainMath.rotateNeighbours;

import java.util.Arrays;
import java.util.function.BiConsumer;
import java.util.function.DoubleUnaryOperator;
import java.util.function.IntToDoubleFunction;

/** Llama and what differs from it by numbers only: MiniCPM, Mistral 3. */
final class PlainLlama extends PlainDecoder {
  private final int[] headCounts;
  private final int[] kvHeadCounts;
  private final double[] frequencies;
  DoubleUnaryOperator activation = PlainMath::silu;

  /** Sees the activations of a token, and may change them, before they are projected down. */
  BiConsumer<Integer, double[]> neurons = (layer, activations) -> {};

  /** What a query is multiplied by at a position. */
  IntToDoubleFunction growth = position -> 1;

  /**
   * @param headCounts of each layer
   * @param kvHeadCounts of each layer
   * @param frequencies of the pairs of a head; those after them are not turned
   */
  PlainLlama(TinyCheckpoint model, int[] headCounts, int[] kvHeadCounts, double[] frequencies) {
    super(model, headCounts.length);
    this.headCounts = headCounts;
    this.kvHeadCounts = kvHeadCounts;
    this.frequencies = frequencies;
  }

  @Override
  Heads heads(int layer, int position, double[] normed) {
    double[] query = multiply(weight(layer, "attn_q"), normed);
    double[] key = multiply(weight(layer, "attn_k"), normed);
    double[] value = multiply(weight(layer, "attn_v"), normed);
    int keyLength = query.length / headCounts[layer];
    rotate(query, keyLength, position);
    rotate(key, keyLength, position);
    double grown = growth.applyAsDouble(position);
    double[] scaled = Arrays.stream(query).map(x -> x * grown).toArray();
    return new Heads(headCounts[layer], kvHeadCounts[layer], scaled, key, value);
  }

  private void rotate(double[] x, int headLength, int position) {
    for (int at = 0; at < x.length; at += headLength) {
      rotateNeighbours(x, at, position, frequencies);
    }
  }

  @Override
  double[] feedForward(int layer, double[] layerInput, double[] normed) {
    double[] gate = multiply(weight(layer, "ffn_gate"), normed);
    double[] up = multiply(weight(layer, "ffn_up"), normed);
    Arrays.setAll(up, i -> activation.applyAsDouble(gate[i]) * up[i]);
    neurons.accept(layer, up);
    return multiply(weight(layer, "ffn_down"), up);
  }
}
