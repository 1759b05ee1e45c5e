package dev.skipjack.inference.feedforward;

import dev.skipjack.inference.layer.SelectionSpace.Needs;
import dev.skipjack.kernels.team.ThreadTeam;
import dev.skipjack.models.spec.FeedForwardSpec.DownSpec;
import java.util.List;

/** A layer and what chooses its neurons. */
record LayerSelection(SelectionContext context, Selector selector) {
  /** The down projections to be read neuron by neuron. */
  List<DownSpec> downs() {
    return List.of(context.network().down());
  }

  Needs needs() {
    return selector.needs();
  }

  FeedForward bind(NeuronMajorCopies copies, NeuronOptions options, ThreadTeam team) {
    return new SparseFeedForward(
        context.kernels(),
        context.network(),
        copies.rows(context.kernels(), context.network().down(), team),
        context.layer().index(),
        selector,
        options);
  }
}
