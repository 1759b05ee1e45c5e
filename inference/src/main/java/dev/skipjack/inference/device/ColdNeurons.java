package dev.skipjack.inference.device;

/**
 * The processor's part of layers that it shares with a device. Belongs to one session; one thread
 * at a time.
 */
public interface ColdNeurons {
  /** Of a session whose device shares no layer. */
  ColdNeurons NONE =
      (layer, count, residual, normed, branch) -> {
        throw new IllegalStateException("layer %d is not shared".formatted(layer));
      };

  /**
   * Computes the cold neurons of a layer, and the bias of its down projection.
   *
   * @param layer index in the decoder
   * @param residual the residual stream before the feed-forward norm {@code [count x hidden]}; read
   *     only where a predictor reads it
   * @param normed the input of the feed-forward network {@code [count x hidden]}
   * @param branch receives what these neurons add to its output {@code [count x hidden]}
   */
  void compute(int layer, int count, float[] residual, float[] normed, float[] branch);
}
