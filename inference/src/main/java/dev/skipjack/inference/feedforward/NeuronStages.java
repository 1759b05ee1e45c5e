package dev.skipjack.inference.feedforward;

import dev.skipjack.inference.layer.ActiveSet;
import dev.skipjack.inference.layer.Linear;
import dev.skipjack.inference.layer.RowSum;
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
 * Computes a token neuron by neuron. First all workers list the neurons that count, by a selector
 * or by their gates. Then groups of the list are taken by whoever is free: of these gates (unless
 * they were computed), ups and down rows are read one after the other, each of the neurons that the
 * one before let through. Work is divided by active neurons, so workers finish together however
 * these are spread. Immutable.
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
  private final RowSum down;
  private final Optional<SparseNorm> activationNorm;
  private final Optional<StatisticalTopK> topK;
  private final int[] all;

  private final boolean downLast;

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
    this.downLast = downLast(spec, selector);
    this.needsInt8 = first.needsInt8() || upRows.map(NeuronRows::needsInt8).orElse(false);
    this.rowBytes =
        new long[] {
          first.byteSize() / length,
          upRows.map(NeuronRows::rowBytes).orElse(0L),
          this.down.rowBytes()
        };
    this.all = IntStream.range(0, length).toArray();
  }

  /** Whether activations of all neurons must be known before the first down row is read. */
  static boolean downLast(Dense spec, Selector selector) {
    return spec.activationNorm().isPresent() || selector.cuts();
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
    boolean preselects = selector.preselects(space);
    boolean gatesAhead = !preselects && (tokens > 1 || topK.isPresent());
    if (preselects) {
      selector.prepare(worker, space);
    } else if (gatesAhead) {
      worker.distributeRows(length, first.step());
      while (worker.take()) {
        first.apply(x, tokens, worker.first(), worker.end(), space.gate, length);
      }
      worker.barrier();
    }
    for (int t = 0; t < tokens; t++) {
      if (preselects) {
        listSelected(worker, space, t);
      } else {
        listByGate(worker, space, x, t, gatesAhead);
      }
      project(worker, space, x, t, preselects, output);
    }
  }

  /** Lists the neurons that the selector chooses. */
  private void listSelected(Worker worker, Workspace space, int t) {
    ActiveSet active = space.selection.orElseThrow().active;
    ActiveSet.Found found = active.found(worker);
    worker.distributeRows(length, selector.step());
    while (worker.take()) {
      int from = worker.first();
      int count = selector.select(space, t, from, worker.end(), found.neurons);
      found.end(worker.chunk(), from, count);
    }
    merge(worker, active, worker.chunks());
  }

  /**
   * Lists the neurons whose gate is large enough.
   *
   * @param computed whether all gates, without activation, are known
   */
  private void listByGate(Worker worker, Workspace space, Activations x, int t, boolean computed) {
    ActiveSet active = space.selection.orElseThrow().active;
    ActiveSet.Found found = active.found(worker);
    if (worker.isLead()) {
      active.share(worker).count(Stage.GATE, length);
    }
    worker.distributeRows(length, first.step());
    while (worker.take()) {
      int from = worker.first();
      int to = worker.end();
      if (!computed) {
        first.apply(x, 1, from, to, space.gate, length);
      }
      float[] gate = cutOff(space, t, from, to);
      activation.apply(gate, t * length + from, to - from);
      int count = keep(all, gate, t * length, from, to, found.neurons, found.values, from);
      found.end(worker.chunk(), from, count);
    }
    merge(worker, active, worker.chunks());
  }

  private static void merge(Worker worker, ActiveSet active, int parts) {
    worker.barrier();
    active.merge(worker, parts);
  }

  /** Applies the statistical top-k, if there is one, and returns where the gates are. */
  private float[] cutOff(Workspace space, int t, int from, int to) {
    if (topK.isEmpty()) {
      return space.gate;
    }
    // Others still read the gates, so the result goes elsewhere.
    float[] gate = space.neurons.values();
    int offset = t * length;
    float cutoff = StatisticalCutoff.of(space.gate, offset, length, topK.get().deviations());
    StatisticalCutoff.apply(cutoff, space.gate, offset + from, gate, offset + from, to - from);
    return gate;
  }

  /** Copies the neurons at {@code [from, to)} of a list whose gate is large enough. */
  private int keep(
      int[] list,
      float[] gate,
      int offset,
      int from,
      int to,
      int[] neurons,
      float[] values,
      int at) {
    float threshold = selector.dropUpTo();
    int count = at;
    for (int i = from; i < to; i++) {
      float value = gate[offset + i];
      neurons[count] = list[i];
      values[count] = value;
      // Written so that NaN is kept, and seen, rather than dropped.
      count += Math.abs(value) <= threshold ? 0 : 1;
    }
    return count - at;
  }

  /** Computes what is left of the listed neurons and sums their down rows. */
  private void project(
      Worker worker, Workspace space, Activations x, int t, boolean gates, float[] output) {
    ActiveSet active = space.selection.orElseThrow().active;
    ActiveSet.Share share = active.share(worker);
    if (downLast) {
      int listed = share.count();
      int parts = RowSum.parts(listed);
      ActiveSet.Found found = active.found(worker);
      worker.distribute(parts, 1);
      while (worker.take()) {
        for (int part = worker.first(); part < worker.end(); part++) {
          int start = RowSum.start(part, parts, listed);
          int end = RowSum.start(part + 1, parts, listed);
          int count = activate(worker, space, x, t, gates, start, end);
          System.arraycopy(share.groupNeurons, 0, found.neurons, start, count);
          System.arraycopy(share.groupValues, 0, found.values, start, count);
          found.end(part, start, count);
        }
      }
      merge(worker, active, parts);
      selector.cut(share);
      if (activationNorm.isPresent()) {
        activationNorm.get().apply(share, length);
      }
    }
    int groups = RowSum.groups(share.count());
    worker.distributeSingly(groups);
    while (worker.take()) {
      sumGroup(worker, space, x, t, gates, worker.first(), groups);
    }
    worker.barrier();
    down.finish(worker, space.sums, groups, output, t * down.outputs());
  }

  /**
   * Sums the down rows of a group of the listed neurons, whose activations are computed before
   * unless they are known. A few neurons are finished before the next, so that what lies together
   * in memory is read together.
   */
  private void sumGroup(
      Worker worker, Workspace space, Activations x, int t, boolean gates, int group, int groups) {
    ActiveSet.Share share = space.selection.orElseThrow().active.share(worker);
    int start = RowSum.start(group, groups, share.count());
    int length = RowSum.start(group + 1, groups, share.count()) - start;
    int parts = RowSum.parts(length);
    down.begin(space.sums, group);
    for (int part = 0; part < parts; part++) {
      int from = start + RowSum.start(part, parts, length);
      int to = start + RowSum.start(part + 1, parts, length);
      int count = downLast ? copy(share, from, to) : activate(worker, space, x, t, gates, from, to);
      share.count(Stage.DOWN, count);
      down.add(share.groupValues, 0, share.groupNeurons, count, space.sums, group);
    }
  }

  private static int copy(ActiveSet.Share share, int from, int to) {
    System.arraycopy(share.neurons, from, share.groupNeurons, 0, to - from);
    System.arraycopy(share.values, from, share.groupValues, 0, to - from);
    return to - from;
  }

  /**
   * Computes the activations of the neurons at {@code [from, to)} of the list and leaves those that
   * are not zero in the worker's group list.
   *
   * @param gates whether gates have yet to be computed
   * @return how many there are
   */
  private int activate(
      Worker worker, Workspace space, Activations x, int t, boolean gates, int from, int to) {
    ActiveSet.Share share = space.selection.orElseThrow().active.share(worker);
    int count;
    if (gates) {
      int offset = t * length;
      firstRows.orElseThrow().dots(x, t, share.neurons, from, to, space.gate, offset);
      activation.apply(space.gate, offset + from, to - from);
      share.count(Stage.GATE, to - from);
      count =
          keep(
              share.neurons,
              space.gate,
              offset,
              from,
              to,
              share.groupNeurons,
              share.groupValues,
              0);
    } else {
      count = copy(share, from, to);
    }
    share.count(Stage.UP, count);
    if (upRows.isPresent()) {
      count = multiplyByUp(share, space, x, t, t * length + from, count);
    }
    selector.observe(space, t, share.groupNeurons, count);
    return count;
  }

  /**
   * Multiplies the gates of the group by its ups and leaves out zeros.
   *
   * @param at a place in {@link Workspace#up} for as many values
   * @return how many are left
   */
  private int multiplyByUp(
      ActiveSet.Share share, Workspace space, Activations x, int t, int at, int listed) {
    int[] neurons = share.groupNeurons;
    float[] values = share.groupValues;
    upRows.orElseThrow().dots(x, t, neurons, 0, listed, space.up, at);
    if (form == Form.GATED_SYMMETRIC) {
      activation.apply(space.up, at, listed);
    }
    int count = 0;
    for (int i = 0; i < listed; i++) {
      float value = space.up[at + i] * values[i];
      neurons[count] = neurons[i];
      values[count] = value;
      count += value == 0 ? 0 : 1;
    }
    return count;
  }
}
