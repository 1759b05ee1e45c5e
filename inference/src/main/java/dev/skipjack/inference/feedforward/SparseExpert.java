package dev.skipjack.inference.feedforward;

import dev.skipjack.inference.layer.ActiveSet;
import dev.skipjack.inference.layer.RoutingSpace;
import dev.skipjack.inference.layer.RowSum;
import dev.skipjack.inference.layer.SelectionSpace;
import dev.skipjack.inference.layer.Stage;
import dev.skipjack.inference.layer.Workspace;
import dev.skipjack.kernels.FloatKernels;
import dev.skipjack.kernels.KernelProvider;
import dev.skipjack.kernels.team.Worker;
import dev.skipjack.models.spec.FeedForwardSpec.Dense;
import java.util.Optional;

/**
 * Computes those neurons of an expert whose gate is large enough: one by one when that is cheaper,
 * densely with the others zeroed when it is not. How dense the experts of a layer were lately
 * decides, all together, since a single one may not have been chosen for long.
 */
final class SparseExpert implements Expert {
  private final int layer;
  private final int length;
  private final FloatKernels floats;
  private final DenseExpert dense;
  private final NeuronStages stages;
  private final RowSum down;
  private final ReadCost cost;

  /**
   * @param selector chooses by the gate alone
   */
  SparseExpert(
      KernelProvider kernels,
      Dense spec,
      NeuronWeights weights,
      int layer,
      int index,
      Selector selector,
      NeuronOptions options) {
    this.layer = layer;
    this.length = spec.length();
    this.floats = kernels.floats();
    this.dense =
        new DenseExpert(kernels, weights.dense(), spec, layer, index, Optional.of(selector));
    this.stages = new NeuronStages(kernels, spec, weights, selector);
    this.down = weights.down();
    this.cost = ReadCost.of(spec, down.rows(), options.denseAbove());
  }

  ReadCost cost() {
    return cost;
  }

  @Override
  public boolean needsInt8() {
    return dense.needsInt8() || stages.needsInt8();
  }

  @Override
  public long byteSize() {
    return dense.byteSize();
  }

  @Override
  public void add(Worker worker, Workspace space, RoutingSpace routing, int first, int end) {
    SelectionSpace selection = space.selection.orElseThrow();
    if (!cost.favoursNeurons(end - first, false, selection.running, layer)) {
      dense.add(worker, space, routing, first, end);
      return;
    }
    ActiveSet active = selection.active;
    stages.compute(worker, space, routing.input, end - first, routing.output);
    Expert.accumulate(floats, space, routing, first, end, down.from(worker), down.to(worker));
    if (worker.isLead()) {
      // The others have counted before they wrote what the outputs are made of.
      long ups = active.sinceMark(Stage.UP);
      long downs = active.sinceMark(Stage.DOWN);
      active.mark();
      routing.computed(
          ups,
          stages.rowBytes(Stage.GATE) * length
              + stages.rowBytes(Stage.UP) * ups
              + stages.rowBytes(Stage.DOWN) * downs);
    }
    worker.barrier();
  }
}
