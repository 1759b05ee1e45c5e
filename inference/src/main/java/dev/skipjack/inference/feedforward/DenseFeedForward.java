package dev.skipjack.inference.feedforward;

import dev.skipjack.inference.layer.Linear;
import dev.skipjack.inference.layer.Norm;
import dev.skipjack.inference.layer.Workspace;
import dev.skipjack.kernels.Activations;
import dev.skipjack.kernels.FloatKernels;
import dev.skipjack.kernels.KernelProvider;
import dev.skipjack.kernels.activation.Activation;
import dev.skipjack.kernels.team.Worker;
import dev.skipjack.models.spec.FeedForwardSpec.Dense;
import dev.skipjack.models.spec.FeedForwardSpec.Form;
import dev.skipjack.models.spec.FeedForwardSpec.StatisticalTopK;
import java.util.Optional;

/** Computes every neuron. */
public final class DenseFeedForward implements FeedForward {
  private final int layer;
  private final int length;
  private final Form form;
  private final FloatKernels floats;
  private final Activation activation;
  private final Optional<Linear> gate;
  private final Linear up;
  private final Down down;
  private final Optional<Norm> activationNorm;
  private final Optional<StatisticalTopK> topK;
  private final int step;

  public DenseFeedForward(KernelProvider kernels, Dense spec, int layer) {
    this.layer = layer;
    this.length = spec.length();
    this.form = spec.form();
    this.floats = kernels.floats();
    this.activation = kernels.activation(spec.activation().name(), spec.activation().parameters());
    this.gate = spec.gate().map(linear -> Linear.dense(kernels, linear));
    this.up = Linear.dense(kernels, spec.up());
    this.down = Down.of(kernels, spec.down());
    this.activationNorm = spec.activationNorm().map(norm -> new Norm(floats, norm));
    this.topK = spec.topK();
    this.step = Math.max(up.step(), gate.map(Linear::step).orElse(1));
  }

  @Override
  public boolean needsInt8() {
    return up.needsInt8() || gate.map(Linear::needsInt8).orElse(false);
  }

  @Override
  public void forward(Worker worker, Workspace space) {
    int from = worker.from(length, step);
    int to = worker.to(length, step);
    int tokens = space.count;
    up.apply(space.normed, tokens, from, to, space.up, length);
    if (gate.isPresent()) {
      gate.get().apply(space.normed, tokens, from, to, space.gate, length);
    }
    if (topK.isPresent() || !activation.elementwise()) {
      // These look at all neurons of a token at once.
      worker.barrier();
      for (int t = worker.from(tokens, 1); t < worker.to(tokens, 1); t++) {
        activate(space, t, 0, length);
      }
      worker.barrier();
    } else {
      for (int t = 0; t < tokens; t++) {
        activate(space, t, from, to);
      }
      worker.barrier();
    }
    finish(worker, space);
    down.apply(worker, space);
    if (worker.isLead()) {
      space.density.record(layer, (long) tokens * length, (long) tokens * length);
    }
    worker.barrier();
  }

  /** Turns pre-activations {@code [from, to)} of token {@code t} into neuron activations. */
  private void activate(Workspace space, int t, int from, int to) {
    float[] source = form == Form.UNGATED ? space.up : space.gate;
    int offset = t * length + from;
    if (topK.isPresent()) {
      cutOff(source, offset, to - from, topK.get().deviations());
    }
    activation.apply(source, offset, to - from);
    if (form == Form.GATED_SYMMETRIC) {
      activation.apply(space.up, offset, to - from);
    }
    if (form != Form.UNGATED) {
      floats.multiply(space.up, offset, source, offset, to - from);
    }
    System.arraycopy(
        source, offset, space.neurons.values(), t * space.neurons.cols() + from, to - from);
  }

  /** {@code relu(x - (mean + deviations std))}, the statistical top-k of Spark and Gemma 3n. */
  private static void cutOff(float[] x, int offset, int count, float deviations) {
    double sum = 0;
    for (int i = offset; i < offset + count; i++) {
      sum += x[i];
    }
    double mean = sum / count;
    double squares = 0;
    for (int i = offset; i < offset + count; i++) {
      squares += (x[i] - mean) * (x[i] - mean);
    }
    float cutoff = (float) (mean + deviations * Math.sqrt(squares / (count - 1)));
    for (int i = offset; i < offset + count; i++) {
      x[i] = Math.max(0, x[i] - cutoff);
    }
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
