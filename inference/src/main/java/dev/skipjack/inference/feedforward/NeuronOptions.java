package dev.skipjack.inference.feedforward;

import dev.skipjack.loader.tensor.TensorType;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * How neurons are computed one by one, whatever chooses them.
 *
 * @param denseAbove the density above which a layer is computed densely instead; empty to find out
 * @param downType of neuron-major copies of block-quantised down projections; empty to choose it by
 *     their size
 * @param inMemory whether weights stay in memory; otherwise the density is estimated, since times
 *     would be those of a disk that has other pages at hand for every token
 */
public record NeuronOptions(
    OptionalDouble denseAbove, Optional<TensorType> downType, boolean inMemory) {
  public static final NeuronOptions DEFAULTS =
      new NeuronOptions(OptionalDouble.empty(), Optional.empty(), true);
}
