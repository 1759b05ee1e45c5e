package dev.skipjack.inference.reference;

import static dev.skipjack.inference.reference.PlainMath.add;
import static dev.skipjack.inference.reference.PlainMath.dot;
import static dev.skipjack.inference.reference.PlainMath.multiply;
import static dev.skipjack.inference.reference.PlainMath.rmsNorm;
import static dev.skipjack.inference.reference.PlainMath.softmax;

import java.util.Arrays;

/**
 * What decoders have in common, one whole sequence at a time: no cache, no batches, no reuse of
 * anything.
 */
abstract class PlainDecoder {
  private final TinyCheckpoint model;
  private final int layers;
  double embeddingScale = 1;
  double residualScale = 1;
  double logitScale = 1;

  PlainDecoder(TinyCheckpoint model, int layers) {
    this.model = model;
    this.layers = layers;
  }

  /**
   * One token's part in attention, rotated and scaled.
   *
   * @param query {@code [heads * keyLength]}
   * @param key {@code [kvHeads * keyLength]}
   * @param value {@code [kvHeads * valueLength]}
   */
  record Heads(int count, int kvCount, double[] query, double[] key, double[] value) {
    int keyLength() {
      return query.length / count;
    }

    int valueLength() {
      return value.length / kvCount;
    }
  }

  abstract Heads heads(int layer, int position, double[] normed);

  /** The branch for one token, of the layer's input and of the normed residual. */
  abstract double[] feedForward(int layer, double[] layerInput, double[] normed);

  /** Positions a query sees, its own included. */
  int window(int layer) {
    return Integer.MAX_VALUE;
  }

  /** A weight of a layer, its scale applied; null if there is none. */
  final double[][] weight(int layer, String role) {
    String name = "blk." + layer + "." + role;
    double[][] scale = model.get(name + ".scale");
    return scale == null
        ? model.get(name + ".weight")
        : PlainMath.scaled(model.get(name + ".weight"), scale[0][0]);
  }

  /** A norm by its name without {@code .weight}. */
  double[] norm(double[] x, String name) {
    return rmsNorm(x, model.get(name + ".weight"));
  }

  final TinyCheckpoint model() {
    return model;
  }

  /** What the output projection of attention multiplies. */
  double[] attentionOutput(int layer, double[] attended) {
    return multiply(weight(layer, "attn_output"), attended);
  }

  /** Logits after each token {@code [tokens x vocabulary]}. */
  final double[][] logits(int[] tokens) {
    double[][] embedding = model.get("token_embd.weight");
    double[][] x = new double[tokens.length][];
    for (int t = 0; t < tokens.length; t++) {
      x[t] = Arrays.stream(embedding[tokens[t]]).map(value -> value * embeddingScale).toArray();
    }
    for (int layer = 0; layer < layers; layer++) {
      forward(layer, x);
    }
    double[][] output = model.get("output.weight") == null ? embedding : model.get("output.weight");
    double[][] logits = new double[tokens.length][];
    for (int t = 0; t < tokens.length; t++) {
      double[] z = multiply(output, norm(x[t], "output_norm"));
      logits[t] = Arrays.stream(z).map(value -> value * logitScale).toArray();
    }
    return logits;
  }

  /** Adds both branches of a layer to the residuals {@code x [tokens x hidden]}. */
  void forward(int layer, double[][] x) {
    Heads[] heads = new Heads[x.length];
    double[][] layerInput = new double[x.length][];
    for (int t = 0; t < x.length; t++) {
      layerInput[t] = x[t].clone();
      heads[t] = heads(layer, t, norm(x[t], "blk." + layer + ".attn_norm"));
    }
    for (int t = 0; t < x.length; t++) {
      double[] attended = attend(heads, t, Math.max(0, t - window(layer) + 1));
      double[] branch = attentionOutput(layer, attended);
      add(residualScale, postNorm(layer, "post_attention_norm", branch), x[t]);
      branch = feedForward(layer, layerInput[t], norm(x[t], "blk." + layer + ".ffn_norm"));
      add(residualScale, postNorm(layer, "post_ffw_norm", branch), x[t]);
    }
  }

  private double[] postNorm(int layer, String role, double[] branch) {
    double[][] weight = weight(layer, role);
    return weight == null ? branch : rmsNorm(branch, weight);
  }

  /** The concatenated heads of token {@code t}, which sees positions {@code [from, t]}. */
  static double[] attend(Heads[] heads, int t, int from) {
    Heads own = heads[t];
    int keyLength = own.keyLength();
    int valueLength = own.valueLength();
    double[] out = new double[own.count() * valueLength];
    for (int h = 0; h < own.count(); h++) {
      int kv = h / (own.count() / own.kvCount());
      double[] scores = new double[t + 1 - from];
      for (int s = from; s <= t; s++) {
        scores[s - from] =
            dot(own.query(), h * keyLength, heads[s].key(), kv * keyLength, keyLength)
                / Math.sqrt(keyLength);
      }
      double[] weights = softmax(scores);
      for (int s = from; s <= t; s++) {
        for (int i = 0; i < valueLength; i++) {
          out[h * valueLength + i] += weights[s - from] * heads[s].value()[kv * valueLength + i];
        }
      }
    }
    return out;
  }
}
