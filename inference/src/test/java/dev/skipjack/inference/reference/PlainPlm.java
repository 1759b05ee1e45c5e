package dev.skipjack.inference.reference;

import static dev.skipjack.inference.reference.PlainMath.multiply;
import static dev.skipjack.inference.reference.PlainMath.relu;
import static dev.skipjack.inference.reference.PlainMath.rmsNorm;
import static dev.skipjack.inference.reference.PlainMath.rotateNeighbours;

import java.util.Arrays;

/** PLM: latent attention (arXiv 2405.04434 without a latent query) and squared ReLU, no gate. */
final class PlainPlm extends PlainDecoder {
  private final int heads;
  private final int content;
  private final int rotated;
  private final int valueLength;
  private final double[] frequencies;

  /**
   * @param content leading elements of a key head, which are not rotated
   * @param rotated trailing elements, which are
   */
  PlainPlm(TinyCheckpoint model, int layers, int heads, int content, int rotated, int valueLength) {
    super(model, layers);
    this.heads = heads;
    this.content = content;
    this.rotated = rotated;
    this.valueLength = valueLength;
    this.frequencies = PlainMath.frequencies(10000, rotated);
  }

  @Override
  Heads heads(int layer, int position, double[] normed) {
    int keyLength = content + rotated;
    double[] query = multiply(weight(layer, "attn_q"), normed);
    double[] compressed = multiply(weight(layer, "attn_kv_a_mqa"), normed);
    int rank = compressed.length - rotated;
    double[] latent = rmsNorm(Arrays.copyOf(compressed, rank), weight(layer, "attn_kv_a_norm"));
    double[] sharedKey = Arrays.copyOfRange(compressed, rank, compressed.length);
    rotateNeighbours(sharedKey, 0, position, frequencies);
    double[] expanded = multiply(weight(layer, "attn_kv_b"), latent);
    double[] key = new double[heads * keyLength];
    double[] value = new double[heads * valueLength];
    for (int h = 0; h < heads; h++) {
      rotateNeighbours(query, h * keyLength + content, position, frequencies);
      int from = h * (content + valueLength);
      System.arraycopy(expanded, from, key, h * keyLength, content);
      System.arraycopy(sharedKey, 0, key, h * keyLength + content, rotated);
      System.arraycopy(expanded, from + content, value, h * valueLength, valueLength);
    }
    return new Heads(heads, heads, query, key, value);
  }

  @Override
  double[] feedForward(int layer, double[] layerInput, double[] normed) {
    double[] up = multiply(weight(layer, "ffn_up"), normed);
    Arrays.setAll(up, i -> relu(up[i]) * relu(up[i]));
    return multiply(weight(layer, "ffn_down"), up);
  }
}
