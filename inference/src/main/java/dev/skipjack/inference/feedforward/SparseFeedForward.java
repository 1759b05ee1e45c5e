package dev.skipjack.inference.feedforward;

import dev.skipjack.inference.layer.ActiveSet;
import dev.skipjack.inference.layer.RunningDensity;
import dev.skipjack.inference.layer.SelectionSpace;
import dev.skipjack.inference.layer.Stage;
import dev.skipjack.inference.layer.Workspace;
import dev.skipjack.kernels.KernelProvider;
import dev.skipjack.kernels.team.Worker;
import dev.skipjack.models.spec.FeedForwardSpec.Dense;
import dev.skipjack.models.spec.FeedForwardSpec.DownSpec;
import java.util.Optional;

/**
 * Computes the neurons that its selector lets count: one by one when that reads fewer weights,
 * densely with the others zeroed when it does not. Either way the result is the same up to the
 * order of summation.
 */
final class SparseFeedForward implements FeedForward {
  /** Batches above this are compute-bound, and read each weight once however many neurons fire. */
  private static final int MAX_TOKENS = 8;

  /** What a byte costs when it is read row by row, in list order, against one that is streamed. */
  private static final float SCATTERED_BYTE_COST = 1.2f;

  private static final Stage[] STAGES = Stage.values();

  private final int layer;
  private final int length;
  private final Selector selector;
  private final DenseFeedForward dense;
  private final NeuronStages stages;

  /**
   * @param down neuron-major, of the same values as {@code spec.down()}
   */
  SparseFeedForward(
      KernelProvider kernels, Dense spec, DownSpec down, int layer, Selector selector) {
    this.layer = layer;
    this.length = spec.length();
    this.selector = selector;
    this.dense = new DenseFeedForward(kernels, spec, layer, Optional.of(selector));
    this.stages = new NeuronStages(kernels, spec, down, dense.first(), selector);
  }

  @Override
  public boolean needsInt8() {
    return dense.needsInt8() || stages.needsInt8() || selector.needsInt8();
  }

  @Override
  public void forward(Worker worker, Workspace space) {
    SelectionSpace selection = space.selection.orElseThrow();
    selection.active.share(worker).begin();
    boolean byNeuron = readsLess(space, selection.running);
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

  /** Whether to compute neuron by neuron, judged by how many were active lately. */
  private boolean readsLess(Workspace space, RunningDensity running) {
    int tokens = space.count;
    if (tokens > Math.min(MAX_TOKENS, selector.maxTokens(space))) {
      return false;
    }
    boolean preselects = selector.preselects(space);
    float streamed = selector.byteSize();
    float scattered = 0;
    for (Stage stage : STAGES) {
      float bytes = (float) stages.rowBytes(stage) * length;
      if (stage == Stage.GATE && !preselects) {
        streamed += bytes;
      } else {
        scattered += tokens * bytes * running.of(stage, layer);
      }
    }
    return streamed + SCATTERED_BYTE_COST * scattered < dense.byteSize() + selector.byteSize();
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
