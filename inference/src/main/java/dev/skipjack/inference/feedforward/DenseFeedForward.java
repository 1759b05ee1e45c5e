package dev.skipjack.inference.feedforward;

import dev.skipjack.inference.layer.ActiveSet;
import dev.skipjack.inference.layer.Linear;
import dev.skipjack.inference.layer.LinearRole;
import dev.skipjack.inference.layer.Linears;
import dev.skipjack.inference.layer.Norm;
import dev.skipjack.inference.layer.Observer;
import dev.skipjack.inference.layer.Stage;
import dev.skipjack.inference.layer.Workspace;
import dev.skipjack.kernels.Activations;
import dev.skipjack.kernels.FloatKernels;
import dev.skipjack.kernels.KernelProvider;
import dev.skipjack.kernels.activation.Activation;
import dev.skipjack.kernels.team.Worker;
import dev.skipjack.models.spec.FeedForwardSpec.Dense;
import dev.skipjack.models.spec.FeedForwardSpec.DownSpec;
import dev.skipjack.models.spec.FeedForwardSpec.Form;
import dev.skipjack.models.spec.FeedForwardSpec.StatisticalTopK;
import dev.skipjack.models.spec.LinearSpec;
import java.util.Optional;

/**
 * Computes every neuron. With a {@link Selector} it then zeroes those that do not count, which
 * gives batches what single tokens get from computing fewer.
 */
public final class DenseFeedForward implements FeedForward {
  private final int layer;
  private final int length;
  private final Form form;
  private final FloatKernels floats;
  private final Activation activation;
  private final Optional<Linear> gate;
  private final Linear up;
  private final Linear down;
  private final Optional<Norm> activationNorm;
  private final Optional<StatisticalTopK> topK;
  private final Optional<Selector> selector;
  private final int step;
  private final boolean divisible;

  /** Whether activations are computed of all neurons of a token at once. */
  private final boolean wholeTokens;

  /**
   * Whether neurons can be quantised for the down projection by whoever computes them: blocks are
   * not cut, and nothing comes between.
   */
  private final boolean quantizesChunks;

  private final boolean needsInt8;
  private final long byteSize;

  public DenseFeedForward(KernelProvider kernels, Dense spec, int layer) {
    this(kernels, Linears.dense(kernels), spec, layer, Optional.empty());
  }

  /**
   * @param linears binds gate, up and down
   */
  DenseFeedForward(
      KernelProvider kernels, Linears linears, Dense spec, int layer, Optional<Selector> selector) {
    this.layer = layer;
    this.length = spec.length();
    this.form = spec.form();
    this.floats = kernels.floats();
    this.activation = kernels.activation(spec.activation().name(), spec.activation().parameters());
    this.gate = spec.gate().map(linear -> linears.bind(layer, LinearRole.GATE, linear));
    this.up = linears.bind(layer, LinearRole.UP, spec.up());
    this.down = bind(linears, layer, spec.down());
    this.activationNorm = spec.activationNorm().map(norm -> new Norm(floats, norm));
    this.needsInt8 = up.needsInt8() || gate.map(Linear::needsInt8).orElse(false);
    this.byteSize = gate.map(Linear::byteSize).orElse(0L) + up.byteSize() + down.byteSize();
    this.topK = spec.topK();
    this.selector = selector;
    this.step = Math.max(up.step(), gate.map(Linear::step).orElse(1));
    this.divisible = up.divisible() && gate.map(Linear::divisible).orElse(true);
    this.wholeTokens = topK.isPresent() || !activation.elementwise();
    this.quantizesChunks =
        down.needsInt8()
            && divisible
            && !wholeTokens
            && activationNorm.isEmpty()
            && selector.isEmpty()
            && Worker.leastRows(step) % Activations.BLOCK == 0;
  }

  private static Linear bind(Linears linears, int layer, DownSpec down) {
    LinearSpec spec = down.linear();
    return down.neuronMajor()
        ? linears.bindTransposed(layer, LinearRole.DOWN, spec)
        : linears.bind(layer, LinearRole.DOWN, spec);
  }

  /** What is computed first: the gate, or up where there is no gate. */
  Linear first() {
    return gate.orElse(up);
  }

  /** Bytes of all weights. */
  long byteSize() {
    return byteSize;
  }

  @Override
  public boolean needsInt8() {
    return needsInt8;
  }

  @Override
  public void forward(Worker worker, Workspace space) {
    compute(worker, space);
    if (worker.isLead()) {
      long neurons = (long) space.count * length;
      space.density.record(layer, neurons, neurons);
      space.density.read(byteSize(), byteSize());
    }
    worker.barrier();
  }

  /** {@link #forward} without statistics and without the barrier at the end. */
  void compute(Worker worker, Workspace space) {
    int tokens = space.count;
    if (divisible) {
      worker.distributeRows(length, step);
      while (worker.take()) {
        computeNeurons(worker, space, worker.first(), worker.end());
      }
    } else {
      computeNeurons(worker, space, worker.from(length, step), worker.to(length, step));
    }
    if (wholeTokens) {
      worker.barrier();
      cutOff(worker, space);
    }
    if (space.observer.isPresent()) {
      showPreActivations(worker, space);
    }
    if (wholeTokens) {
      for (int t = worker.from(tokens, 1); t < worker.to(tokens, 1); t++) {
        activate(worker, space, t, 0, length);
      }
    } else if (space.observer.isPresent()) {
      activate(worker, space, worker.from(length, 1), worker.to(length, 1));
    }
    boolean quantized = quantizesChunks && space.observer.isEmpty();
    if (quantized && worker.isLead()) {
      for (int t = 0; t < tokens; t++) {
        space.neurons.quantized(t);
      }
    }
    worker.barrier();
    if (selector.isPresent()) {
      select(worker, space, selector.get());
    }
    if (!quantized) {
      finish(worker, space);
    }
    if (space.observer.isPresent()) {
      if (worker.isLead()) {
        space.observer.get().neurons(layer, space.neurons, tokens);
      }
      worker.barrier();
    }
    down.applyBatch(worker, space, space.neurons, space.branch);
  }

  /** Computes neurons {@code [from, to)}, and their activations unless something comes between. */
  private void computeNeurons(Worker worker, Workspace space, int from, int to) {
    up.applyBatch(worker, space, space.normed, from, to, space.up, length);
    if (gate.isPresent()) {
      gate.get().applyBatch(worker, space, space.normed, from, to, space.gate, length);
    }
    if (!wholeTokens && space.observer.isEmpty()) {
      activate(worker, space, from, to);
      if (quantizesChunks) {
        int toBlock = Math.ceilDiv(to, Activations.BLOCK);
        for (int t = 0; t < space.count; t++) {
          floats.quantizeBlocks(space.neurons, t, from / Activations.BLOCK, toBlock);
        }
      }
    }
  }

  private float[] preActivations(Workspace space) {
    return form == Form.UNGATED ? space.up : space.gate;
  }

  /** Applies the statistical top-k, if there is one, to this worker's tokens. */
  private void cutOff(Worker worker, Workspace space) {
    float[] source = preActivations(space);
    int to = worker.to(space.count, 1);
    for (int t = worker.from(space.count, 1); t < to && topK.isPresent(); t++) {
      int offset = t * length;
      float cutoff = StatisticalCutoff.of(source, offset, length, topK.get().deviations());
      StatisticalCutoff.apply(cutoff, source, offset, source, offset, length);
    }
  }

  private void showPreActivations(Worker worker, Workspace space) {
    worker.barrier();
    if (worker.isLead()) {
      Observer observer = space.observer.orElseThrow();
      observer.preActivations(layer, preActivations(space), space.count, length);
    }
    worker.barrier();
  }

  private void activate(Worker worker, Workspace space, int from, int to) {
    for (int t = 0; t < space.count; t++) {
      activate(worker, space, t, from, to);
    }
  }

  /** Turns pre-activations {@code [from, to)} of token {@code t} into neuron activations. */
  private void activate(Worker worker, Workspace space, int t, int from, int to) {
    float[] source = preActivations(space);
    int offset = t * length + from;
    int count = to - from;
    activation.apply(source, offset, count);
    if (selector.isPresent()) {
      int kept = Masks.dropUpTo(selector.get().dropUpTo(), source, offset, count);
      space.selection.orElseThrow().active.share(worker).count(Stage.UP, kept);
    }
    if (form == Form.GATED_SYMMETRIC) {
      activation.apply(space.up, offset, count);
    }
    if (form != Form.UNGATED) {
      floats.multiply(space.up, offset, source, offset, count);
    }
    System.arraycopy(
        source, offset, space.neurons.values(), t * space.neurons.cols() + from, count);
  }

  /** Zeroes the neurons that do not count and counts the others. */
  private void select(Worker worker, Workspace space, Selector rule) {
    rule.filter(worker, space, length);
    ActiveSet.Share share = space.selection.orElseThrow().active.share(worker);
    int from = worker.from(length, 1);
    int count = worker.to(length, 1) - from;
    for (int t = 0; t < space.count; t++) {
      int offset = t * space.neurons.cols() + from;
      share.count(Stage.DOWN, Masks.countNonZero(space.neurons.values(), offset, count));
    }
    // The norm must not change what another worker still counts.
    worker.barrier();
  }

  /** Norms and quantises the activations where the down projection wants that. */
  private void finish(Worker worker, Workspace space) {
    if (activationNorm.isEmpty() && !down.needsInt8()) {
      return;
    }
    Activations neurons = space.neurons;
    int from = worker.from(space.count, 1);
    int to = worker.to(space.count, 1);
    for (int t = from; t < to && activationNorm.isPresent(); t++) {
      int offset = t * neurons.cols();
      activationNorm.get().apply(neurons.values(), offset, neurons.values(), offset);
    }
    if (down.needsInt8()) {
      floats.quantize(neurons, from, to);
    }
    worker.barrier();
  }
}
