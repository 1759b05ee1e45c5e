package dev.skipjack.inference.feedforward;

import dev.skipjack.inference.layer.Linear;
import dev.skipjack.inference.layer.Workspace;
import dev.skipjack.kernels.KernelProvider;
import dev.skipjack.kernels.team.Worker;
import dev.skipjack.models.spec.FeedForwardSpec.DownSpec;
import dev.skipjack.models.spec.LinearSpec;

/** The down projection over all neurons, in the orientation the file has it. Immutable. */
interface Down {
  static Down of(KernelProvider kernels, DownSpec spec) {
    return spec.neuronMajor() ? new NeuronMajorDown(kernels, spec) : new RowMajor(kernels, spec);
  }

  /** Whether {@link Workspace#neurons} must be quantised. */
  boolean needsInt8();

  /** Bytes of weights. */
  long byteSize();

  /** Fills this worker's part of {@link Workspace#branch}; ends without a barrier. */
  void apply(Worker worker, Workspace space);

  /** {@code [hidden x neurons]}: a dot product for each output. */
  final class RowMajor implements Down {
    private final Linear linear;

    RowMajor(KernelProvider kernels, DownSpec spec) {
      this.linear = Linear.dense(kernels, new LinearSpec(spec.weight(), spec.bias(), spec.scale()));
    }

    @Override
    public boolean needsInt8() {
      return linear.needsInt8();
    }

    @Override
    public long byteSize() {
      return linear.byteSize();
    }

    @Override
    public void apply(Worker worker, Workspace space) {
      linear.apply(worker, space.neurons, space.count, space.branch, linear.outputs());
    }
  }
}
