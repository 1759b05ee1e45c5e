package dev.skipjack.kernels.tornado.graph;

import java.util.Optional;
import java.util.OptionalInt;

/**
 * The graphs that compute one layer, by their indices.
 *
 * @param graph the first: the whole layer, or its attention and feed-forward norm
 * @param shared what follows if the processor computes the cold neurons
 */
record LayerStep(int graph, Optional<Shared> shared) {
  /**
   * The feed-forward branch of a layer that the processor shares.
   *
   * @param layer index in the decoder
   * @param readsResidual whether the processor needs the residual stream, not only the normed one
   * @param hot computes the hot neurons, if there are any, while the processor computes the others
   * @param join adds both
   */
  record Shared(int layer, boolean readsResidual, OptionalInt hot, int join) {}
}
