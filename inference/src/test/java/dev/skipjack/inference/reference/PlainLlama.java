package dev.skipjack.inference.reference;

import static dev.skipjack.inference.reference.PlainMath.multiply;

import java.util.Arrays;
import java.util.function.BiConsumer;
import java.util.function.DoubleUnaryOperator;
import java.util.function.IntFunction;
import java.util.function.IntToDoubleFunction;
import java.util.function.IntUnaryOperator;

/** Llama and what differs from it by little: a list of small things that may be set. */
class PlainLlama extends PlainDecoder {
  private final int[] headCounts;
  private final int[] kvHeadCounts;

  /** The frequencies of a layer's pairs; what is after them in a head is not turned. */
  IntFunction<double[]> frequencies;

  DoubleUnaryOperator activation = PlainMath::silu;

  /** Applied to what the activation multiplies. */
  DoubleUnaryOperator upActivation = x -> x;

  /** Sees the activations of a token, and may change them, before they are projected down. */
  BiConsumer<Integer, double[]> neurons = (layer, activations) -> {};

  /** What a query is multiplied by at a position. */
  IntToDoubleFunction growth = position -> 1;

  /** Positions that a layer sees. */
  IntUnaryOperator windows = layer -> Integer.MAX_VALUE;

  /** Whether element {@code i} pairs with {@code i + pairs} rather than its neighbour. */
  boolean halves;

  /** What cosine and sine are multiplied by. */
  double magnitude = 1;

  /**
   * @param headCounts of each layer
   * @param kvHeadCounts of each layer
   * @param frequencies of the pairs of a head in all layers
   */
  PlainLlama(TinyCheckpoint model, int[] headCounts, int[] kvHeadCounts, double[] frequencies) {
    super(model, headCounts.length);
    this.headCounts = headCounts;
    this.kvHeadCounts = kvHeadCounts;
    this.frequencies = layer -> frequencies;
  }

  /** Query, key and value. */
  double[][] project(int layer, double[] normed) {
    return new double[][] {
      multiply(weight(layer, "attn_q"), normed),
      multiply(weight(layer, "attn_k"), normed),
      multiply(weight(layer, "attn_v"), normed)
    };
  }

  @Override
  final Heads heads(int layer, int position, double[] normed) {
    double[][] projected = project(layer, normed);
    double[] query = projected[0];
    double[] key = projected[1];
    int keyLength = query.length / headCounts[layer];
    turn(layer, "attn_q_norm", query, keyLength, position);
    turn(layer, "attn_k_norm", key, keyLength, position);
    double grown = growth.applyAsDouble(position);
    double[] scaled = Arrays.stream(query).map(x -> x * grown).toArray();
    return new Heads(headCounts[layer], kvHeadCounts[layer], scaled, key, projected[2]);
  }

  /** Norms each head where the model has such norms, and turns it. */
  private void turn(int layer, String norm, double[] x, int headLength, int position) {
    double[] turns = frequencies.apply(layer);
    for (int at = 0; at < x.length; at += headLength) {
      double[][] weight = weight(layer, norm);
      if (weight != null) {
        double[] head = Arrays.copyOfRange(x, at, at + headLength);
        System.arraycopy(PlainMath.rmsNorm(head, weight), 0, x, at, headLength);
      }
      if (halves) {
        PlainMath.rotateHalves(x, at, position, turns);
      } else {
        PlainMath.rotateNeighbours(x, at, position, turns);
      }
      for (int i = 0; i < 2 * turns.length; i++) {
        x[at + i] *= magnitude;
      }
    }
  }

  @Override
  final int window(int layer) {
    return windows.applyAsInt(layer);
  }

  @Override
  double[] feedForward(int layer, double[] layerInput, double[] normed) {
    double[] gate = multiply(weight(layer, "ffn_gate"), normed);
    double[] up = multiply(weight(layer, "ffn_up"), normed);
    return down(layer, gate, up);
  }

  final double[] down(int layer, double[] gate, double[] up) {
    double[] product = new double[up.length];
    Arrays.setAll(
        product, i -> activation.applyAsDouble(gate[i]) * upActivation.applyAsDouble(up[i]));
    neurons.accept(layer, product);
    double[][] norm = weight(layer, "ffn_sub_norm");
    return multiply(
        weight(layer, "ffn_down"), norm == null ? product : PlainMath.rmsNorm(product, norm));
  }

  @Override
  final double[] attentionOutput(int layer, double[] attended) {
    double[][] norm = weight(layer, "attn_sub_norm");
    return super.attentionOutput(
        layer, norm == null ? attended : PlainMath.rmsNorm(attended, norm));
  }
}
