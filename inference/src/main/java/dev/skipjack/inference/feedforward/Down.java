package dev.skipjack.inference.feedforward;

import dev.skipjack.inference.layer.Linear;
import dev.skipjack.inference.layer.Workspace;
import dev.skipjack.kernels.Activations;
import dev.skipjack.kernels.FloatKernels;
import dev.skipjack.kernels.KernelProvider;
import dev.skipjack.kernels.RowMatrix;
import dev.skipjack.kernels.team.Worker;
import dev.skipjack.models.spec.FeedForwardSpec.DownSpec;
import dev.skipjack.models.spec.LinearSpec;
import java.util.Arrays;
import java.util.stream.IntStream;

/** The down projection over all neurons, in the orientation the file has it. Immutable. */
interface Down {
  static Down of(KernelProvider kernels, DownSpec spec) {
    return spec.neuronMajor() ? new NeuronMajor(kernels, spec) : new RowMajor(kernels, spec);
  }

  /** Whether {@link Workspace#neurons} must be quantised. */
  boolean needsInt8();

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
    public void apply(Worker worker, Workspace space) {
      linear.apply(worker, space.neurons, space.count, space.branch, linear.outputs());
    }
  }

  /** {@code [neurons x hidden]}: a sum of rows, each worker on its own columns. */
  final class NeuronMajor implements Down {
    private final FloatKernels floats;
    private final RowMatrix matrix;
    private final float[] bias;
    private final float scale;
    private final int[] all;

    NeuronMajor(KernelProvider kernels, DownSpec spec) {
      this.floats = kernels.floats();
      this.matrix = kernels.matrix(spec.weight());
      this.bias = spec.bias().map(tensor -> tensor.toFloats()).orElse(new float[0]);
      this.scale = spec.scale();
      this.all = IntStream.range(0, matrix.rows()).toArray();
    }

    @Override
    public boolean needsInt8() {
      return false;
    }

    @Override
    public void apply(Worker worker, Workspace space) {
      int hidden = matrix.cols();
      int from = worker.from(hidden, matrix.colStep());
      int to = worker.to(hidden, matrix.colStep());
      Activations neurons = space.neurons;
      for (int t = 0; t < space.count; t++) {
        int out = t * hidden;
        Arrays.fill(space.branch, out + from, out + to, 0);
        matrix.addRows(
            neurons.values(), t * neurons.cols(), all, all.length, from, to, space.branch, out);
        if (scale != 1) {
          floats.scale(scale, space.branch, out + from, to - from);
        }
        if (bias.length > 0) {
          floats.add(bias, from, space.branch, out + from, to - from);
        }
      }
    }
  }
}
