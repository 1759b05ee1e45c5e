package dev.skipjack.inference.reference;

import static dev.skipjack.inference.reference.PlainMath.add;
import static dev.skipjack.inference.reference.PlainMath.dot;
import static dev.skipjack.inference.reference.PlainMath.multiply;
import static dev.skipjack.inference.reference.PlainMath.rmsNorm;
import static dev.skipjack.inference.reference.PlainMath.softmax;

import java.util.Arrays;

/**
 * What pre-norm decoders have in common, one whole sequence at a time: no cache, no batches, no
 * reuse of anything.
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

  final double[][] weight(int layer, String role) {
    return model.get("blk." + layer + "." + role + ".weight");
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
      double[] z = multiply(output, rmsNorm(x[t], model.get("output_norm.weight")));
      logits[t] = Arrays.stream(z).map(value -> value * logitScale).toArray();
    }
    return logits;
  }

  private void forward(int layer, double[][] x) {
    Heads[] heads = new Heads[x.length];
    double[][] layerInput = new double[x.length][];
    for (int t = 0; t < x.length; t++) {
      layerInput[t] = x[t].clone();
      heads[t] = heads(layer, t, rmsNorm(x[t], weight(layer, "attn_norm")));
    }
    for (int t = 0; t < x.length; t++) {
      double[] attended = attend(heads, t, Math.max(0, t - window(layer) + 1));
      add(residualScale, multiply(weight(layer, "attn_output"), attended), x[t]);
      double[] normed = rmsNorm(x[t], weight(layer, "ffn_norm"));
      add(residualScale, feedForward(layer, layerInput[t], normed), x[t]);
    }
  }

  /** The concatenated heads of token {@code t}, which sees positions {@code [from, t]}. */
  private static double[] attend(Heads[] heads, int t, int from) {
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
