package dev.skipjack.inference.feedforward;

import dev.skipjack.inference.layer.ActiveSet;
import dev.skipjack.inference.layer.Linear;
import dev.skipjack.inference.layer.Stage;
import dev.skipjack.inference.layer.Workspace;
import dev.skipjack.kernels.Activations;
import dev.skipjack.kernels.KernelProvider;
import dev.skipjack.kernels.activation.Activation;
import dev.skipjack.kernels.team.Worker;
import dev.skipjack.models.spec.FeedForwardSpec.Dense;
import dev.skipjack.models.spec.FeedForwardSpec.Form;
import dev.skipjack.models.spec.FeedForwardSpec.StatisticalTopK;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * Computes a token neuron by neuron, in stages: select, gate, up, down. Each stage reads the rows
 * of the neurons that the one before let through, and its work is divided by those neurons, so that
 * workers finish together however the active ones are spread. Immutable.
 */
final class NeuronStages {
  private final int length;
  private final Form form;
  private final Activation activation;
  private final Selector selector;

  /** Gate, or up where there is no gate: all neurons of all tokens, or only those listed. */
  private final Linear first;

  private final Optional<NeuronRows> firstRows;
  private final Optional<NeuronRows> upRows;
  private final NeuronMajorDown down;
  private final Optional<SparseNorm> activationNorm;
  private final Optional<StatisticalTopK> topK;
  private final int[] all;

  private final boolean needsInt8;

  /** By {@link Stage}. */
  private final long[] rowBytes;

  NeuronStages(KernelProvider kernels, Dense spec, NeuronWeights weights, Selector selector) {
    this.length = spec.length();
    this.form = spec.form();
    this.activation = kernels.activation(spec.activation().name(), spec.activation().parameters());
    this.selector = selector;
    this.first = weights.first();
    this.firstRows = weights.firstRows();
    this.upRows = weights.upRows();
    this.down = weights.down();
    this.activationNorm = spec.activationNorm().map(SparseNorm::new);
    this.topK = spec.topK();
    this.needsInt8 = first.needsInt8() || upRows.map(NeuronRows::needsInt8).orElse(false);
    this.rowBytes =
        new long[] {
          first.byteSize() / length,
          upRows.map(NeuronRows::rowBytes).orElse(0L),
          this.down.rowBytes()
        };
    this.all = IntStream.range(0, length).toArray();
  }

  boolean needsInt8() {
    return needsInt8;
  }

  /** Bytes of one neuron's weights that are read in a stage. */
  long rowBytes(Stage stage) {
    return rowBytes[stage.ordinal()];
  }

  /** Computes the batch, leaving {@link Workspace#branch}; ends without a barrier. */
  void compute(Worker worker, Workspace space) {
    compute(worker, space, space.normed, space.count, space.branch);
  }

  /**
   * Computes the first {@code tokens} of an input; ends without a barrier, each worker having
   * written its own columns.
   *
   * @param output {@code [tokens x hidden]}
   */
  void compute(Worker worker, Workspace space, Activations x, int tokens, float[] output) {
    ActiveSet active = space.selection.orElseThrow().active;
    ActiveSet.Share share = active.share(worker);
    boolean preselects = selector.preselects(space);
    if (preselects) {
      selector.prepare(worker, space);
    } else {
      computeAllGates(worker, space, x, tokens);
    }
    for (int t = 0; t < tokens; t++) {
      if (preselects) {
        computeSelectedGates(worker, space, x, active, t);
      } else {
        keepGates(worker, space, share, t);
      }
      if (upRows.isPresent()) {
        multiplyByUp(worker, space, x, active, t);
      }
      selector.observe(space, t, share.foundNeurons(), share.foundCount());
      worker.barrier();
      active.merge(worker);
      project(worker, share, output, t);
    }
  }

  /** Computes this worker's share of the gates of all tokens, for {@link #keepGates}. */
  private void computeAllGates(Worker worker, Workspace space, Activations x, int tokens) {
    int from = worker.from(length, first.step());
    int count = worker.to(length, first.step()) - from;
    first.apply(x, tokens, from, from + count, space.gate, length);
    if (topK.isPresent()) {
      worker.barrier();
    }
    for (int t = 0; t < tokens; t++) {
      float[] gate = space.gate;
      int offset = t * length + from;
      if (topK.isPresent()) {
        // Others still read the gates, so the result goes elsewhere.
        gate = space.neurons.values();
        float cutoff =
            StatisticalCutoff.of(space.gate, t * length, length, topK.get().deviations());
        StatisticalCutoff.apply(cutoff, space.gate, offset, gate, offset, count);
      }
      activation.apply(gate, offset, count);
    }
  }

  private void keepGates(Worker worker, Workspace space, ActiveSet.Share share, int t) {
    int from = worker.from(length, first.step());
    int to = worker.to(length, first.step());
    float[] gate = topK.isPresent() ? space.neurons.values() : space.gate;
    keep(share, all, gate, t * length, from, to);
    if (worker.isLead()) {
      share.count(Stage.GATE, length);
    }
  }

  private void computeSelectedGates(
      Worker worker, Workspace space, Activations x, ActiveSet active, int t) {
    ActiveSet.Share share = active.share(worker);
    int step = selector.step();
    share.found(
        selector.select(
            space, t, worker.from(length, step), worker.to(length, step), share.foundNeurons()));
    worker.barrier();
    active.merge(worker);
    count(worker, share, Stage.GATE);
    int from = worker.from(share.count(), 1);
    int to = worker.to(share.count(), 1);
    int offset = t * length;
    firstRows.orElseThrow().dots(x, t, share.neurons, from, to, space.gate, offset);
    activation.apply(space.gate, offset + from, to - from);
    keep(share, share.neurons, space.gate, offset, from, to);
  }

  /** Finds the listed neurons at {@code [from, to)} whose gate is large enough. */
  private void keep(
      ActiveSet.Share share, int[] neurons, float[] gate, int offset, int from, int to) {
    float threshold = selector.dropUpTo();
    int[] found = share.foundNeurons();
    float[] values = share.foundValues();
    int count = 0;
    for (int i = from; i < to; i++) {
      float value = gate[offset + i];
      found[count] = neurons[i];
      values[count] = value;
      // Written so that NaN is kept, and seen, rather than dropped.
      count += Math.abs(value) <= threshold ? 0 : 1;
    }
    share.found(count);
  }

  private void multiplyByUp(
      Worker worker, Workspace space, Activations x, ActiveSet active, int t) {
    worker.barrier();
    active.merge(worker);
    ActiveSet.Share share = active.share(worker);
    count(worker, share, Stage.UP);
    int from = worker.from(share.count(), 1);
    int to = worker.to(share.count(), 1);
    int offset = t * length;
    upRows.orElseThrow().dots(x, t, share.neurons, from, to, space.up, offset);
    if (form == Form.GATED_SYMMETRIC) {
      activation.apply(space.up, offset + from, to - from);
    }
    int[] found = share.foundNeurons();
    float[] values = share.foundValues();
    int count = 0;
    for (int i = from; i < to; i++) {
      float value = space.up[offset + i] * share.values[i];
      found[count] = share.neurons[i];
      values[count] = value;
      count += value == 0 ? 0 : 1;
    }
    share.found(count);
  }

  /** Sums the down rows of the active neurons; every worker has the same list of them. */
  private void project(Worker worker, ActiveSet.Share share, float[] output, int t) {
    if (upRows.isEmpty()) {
      count(worker, share, Stage.UP);
    }
    selector.cut(share);
    count(worker, share, Stage.DOWN);
    if (activationNorm.isPresent()) {
      activationNorm.get().apply(share, length);
    }
    int out = t * down.cols();
    down.apply(worker, output, out, share.values, 0, share.neurons, share.count());
  }

  private static void count(Worker worker, ActiveSet.Share share, Stage stage) {
    if (worker.isLead()) {
      share.count(stage, share.count());
    }
  }
}
