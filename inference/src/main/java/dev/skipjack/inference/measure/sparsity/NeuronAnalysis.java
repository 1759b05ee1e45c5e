package dev.skipjack.inference.measure.sparsity;

/**
 * Looks at the neurons of all layers, token by token. Different layers may come at the same time
 * from different threads; the tokens of one layer come in order.
 */
interface NeuronAnalysis {
  /** A new sequence begins; no layer is being looked at. */
  default void begin() {}

  /**
   * Looks at tokens of a layer.
   *
   * @param neurons what the down projection reads, {@code [tokens x length]}
   */
  void add(int layer, float[] neurons, int tokens);
}
