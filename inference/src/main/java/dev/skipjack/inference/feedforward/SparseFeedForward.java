package dev.skipjack.inference.feedforward;

import dev.skipjack.inference.layer.ActiveSet;
import dev.skipjack.inference.layer.SelectionSpace;
import dev.skipjack.inference.layer.Stage;
import dev.skipjack.inference.layer.Workspace;
import dev.skipjack.kernels.KernelProvider;
import dev.skipjack.kernels.Rows;
import dev.skipjack.kernels.team.Worker;
import dev.skipjack.models.spec.FeedForwardSpec.Dense;
import java.util.Optional;

/**
 * Computes the neurons that its selector lets count: one by one when that is cheaper, densely with
 * the others zeroed when it is not. Either way the result is the same up to the order of summation.
 */
final class SparseFeedForward implements FeedForward {
  private static final Stage[] STAGES = Stage.values();

  private final int layer;
  private final int length;
  private final Selector selector;
  private final DenseFeedForward dense;
  private final NeuronStages stages;
  private final LayerTrial trial;
  private final ReadCost cost;

  SparseFeedForward(
      KernelProvider kernels,
      Dense spec,
      NeuronWeights weights,
      int layer,
      Selector selector,
      NeuronOptions options) {
    this.layer = layer;
    this.length = spec.length();
    this.selector = selector;
    Rows down = weights.down().rows();
    this.dense = new DenseFeedForward(kernels, weights.dense(), spec, layer, Optional.of(selector));
    this.stages = new NeuronStages(kernels, spec, weights, selector);
    this.trial = new LayerTrial(kernels, spec, weights, selector.mayPreselect(), down.type());
    this.cost = ReadCost.of(spec, down, options.denseAbove());
  }

  private SparseFeedForward(SparseFeedForward other, ReadCost cost) {
    this.layer = other.layer;
    this.length = other.length;
    this.selector = other.selector;
    this.dense = other.dense;
    this.stages = other.stages;
    this.trial = other.trial;
    this.cost = cost;
  }

  /** How to learn at which density the layer is better computed densely. */
  LayerTrial trial() {
    return trial;
  }

  /** Up to which density neurons are computed one by one. */
  ReadCost cost() {
    return cost;
  }

  /** The same layer with a measured limit. */
  SparseFeedForward withMeasuredLimit(double density) {
    return new SparseFeedForward(this, cost.withMeasured(density));
  }

  @Override
  public boolean needsInt8() {
    return dense.needsInt8() || stages.needsInt8() || selector.needsInt8();
  }

  @Override
  public void forward(Worker worker, Workspace space) {
    SelectionSpace selection = space.selection.orElseThrow();
    selection.active.share(worker).begin();
    boolean byNeuron =
        space.count <= selector.maxTokens(space)
            && cost.favoursNeurons(
                space.count, selector.preselects(space), selection.running, layer);
    if (byNeuron) {
      stages.compute(worker, space);
    } else {
      dense.compute(worker, space);
    }
    if (worker.isLead()) {
      record(space, selection, byNeuron);
      selector.advance(space);
    }
    worker.barrier();
  }

  private void record(Workspace space, SelectionSpace selection, boolean byNeuron) {
    ActiveSet active = selection.active;
    long total = (long) space.count * length;
    long bytes = selector.byteSize();
    if (byNeuron) {
      space.density.record(
          layer, active.total(Stage.GATE), active.total(Stage.UP), active.total(Stage.DOWN), total);
      boolean preselects = selector.preselects(space);
      for (Stage stage : STAGES) {
        // Gates of all neurons are computed for all tokens at once.
        boolean once = stage == Stage.GATE && !preselects;
        bytes += stages.rowBytes(stage) * (once ? length : active.total(stage));
      }
    } else {
      space.density.record(layer, total, total, active.total(Stage.DOWN), total);
      bytes += dense.byteSize();
    }
    space.density.read(bytes, dense.byteSize());
    selection.running.add(layer, active, total);
  }
}
