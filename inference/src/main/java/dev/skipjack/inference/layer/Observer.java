package dev.skipjack.inference.layer;

import dev.skipjack.kernels.Activations;

/**
 * Sees what a dense pass computes, batch after batch in order: what calibration and statistics are
 * made of. The lead worker calls it while the others wait, so it sees whole batches of {@code
 * tokens} rows and may keep state; it must copy what it wants to keep and change nothing. Of
 * activations only the float values are to be read.
 *
 * <p>Mixtures of experts show the neurons of each expert; sparse feed-forward branches show none.
 */
public interface Observer {
  /** The input of the query, key and value projections {@code [tokens x hidden]}. */
  default void attentionInput(int layer, Activations normed, int tokens) {}

  /** The input of the output projection {@code [tokens x heads * valueLength]}. */
  default void attended(int layer, Activations attended, int tokens) {}

  /**
   * The input of gate and up.
   *
   * @param residual before the norm {@code [tokens x hidden]}
   * @param normed after it {@code [tokens x hidden]}
   */
  default void feedForwardInput(int layer, float[] residual, Activations normed, int tokens) {}

  /**
   * What the activation function reads: the gate (after its statistical top-k, if it has one), or
   * up where there is no gate.
   *
   * @param values {@code [tokens x length]}
   */
  default void preActivations(int layer, float[] values, int tokens, int length) {}

  /**
   * The input of the down projection {@code [tokens x length]}, whose rows are {@link
   * Activations#cols()} apart.
   */
  default void neurons(int layer, Activations neurons, int tokens) {}

  /**
   * The neurons of one expert of a mixture {@code [tokens x length]}, whose rows are {@link
   * Activations#cols()} apart, for those tokens of a batch that were sent to it.
   */
  default void expertNeurons(int layer, int expert, Activations neurons, int tokens) {}

  /**
   * What a selection method would have computed, where it is audited beside a dense pass. Follows
   * {@link #neurons} of the same batch.
   *
   * @param kept the same neurons, those that were not selected being zero
   * @param selected neurons that were, over all tokens, whether they fired or not
   */
  default void selected(int layer, Activations kept, int tokens, long selected) {}
}
