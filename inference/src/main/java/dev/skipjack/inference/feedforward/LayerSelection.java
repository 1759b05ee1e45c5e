package dev.skipjack.inference.feedforward;

import dev.skipjack.inference.layer.SelectionSpace.Needs;
import dev.skipjack.kernels.KernelProvider;
import dev.skipjack.kernels.team.ThreadTeam;
import dev.skipjack.models.spec.FeedForwardSpec.Dense;
import dev.skipjack.models.spec.FeedForwardSpec.DownSpec;
import dev.skipjack.models.spec.FeedForwardSpec.MixtureOfExperts;
import dev.skipjack.models.spec.LayerSpec;
import java.util.List;

/**
 * A layer and what chooses its neurons.
 *
 * @param networks the only one, or those of all experts
 */
record LayerSelection(
    KernelProvider kernels, LayerSpec layer, List<Dense> networks, Selector selector) {
  /** The down projections to be read neuron by neuron. */
  List<DownSpec> downs() {
    return networks.stream().map(Dense::down).toList();
  }

  Needs needs() {
    return selector.needs();
  }

  FeedForward bind(NeuronMajorCopies copies, NeuronOptions options, ThreadTeam team) {
    List<NeuronWeights> weights =
        networks.stream()
            .map(network -> NeuronWeights.of(kernels, network, copies, selector, team))
            .toList();
    return switch (layer.feedForward()) {
      case Dense single ->
          new SparseFeedForward(
              kernels, networks.getFirst(), weights.getFirst(), layer.index(), selector, options);
      case MixtureOfExperts mixture ->
          MixtureFeedForward.sparse(
              kernels, mixture, networks, weights, layer.index(), selector, options);
    };
  }
}
