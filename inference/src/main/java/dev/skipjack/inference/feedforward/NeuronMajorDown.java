package dev.skipjack.inference.feedforward;

import dev.skipjack.inference.layer.Workspace;
import dev.skipjack.kernels.Activations;
import dev.skipjack.kernels.FloatKernels;
import dev.skipjack.kernels.KernelProvider;
import dev.skipjack.kernels.RowMatrix;
import dev.skipjack.kernels.team.Worker;
import dev.skipjack.models.spec.FeedForwardSpec.DownSpec;
import java.util.Arrays;
import java.util.stream.IntStream;

/**
 * The transposed down projection {@code [neurons x hidden]}: a sum of rows, each worker on its own
 * columns. Immutable.
 */
final class NeuronMajorDown implements Down {
  private final FloatKernels floats;
  private final RowMatrix matrix;
  private final float[] bias;
  private final float scale;
  private final int[] all;

  NeuronMajorDown(KernelProvider kernels, DownSpec spec) {
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
  public long byteSize() {
    return matrix.byteSize();
  }

  long rowBytes() {
    return matrix.byteSize() / matrix.rows();
  }

  @Override
  public void apply(Worker worker, Workspace space) {
    Activations neurons = space.neurons;
    for (int t = 0; t < space.count; t++) {
      apply(worker, space, t, neurons.values(), t * neurons.cols(), all, all.length);
    }
  }

  /**
   * Fills this worker's columns of token {@code t} of {@link Workspace#branch} from the listed
   * neurons; ends without a barrier.
   *
   * @param activations from {@code at}, one for each listed neuron
   */
  void apply(
      Worker worker,
      Workspace space,
      int t,
      float[] activations,
      int at,
      int[] neurons,
      int count) {
    int hidden = matrix.cols();
    int from = worker.from(hidden, matrix.colStep());
    int to = worker.to(hidden, matrix.colStep());
    int out = t * hidden;
    Arrays.fill(space.branch, out + from, out + to, 0);
    matrix.addRows(activations, at, neurons, count, from, to, space.branch, out);
    if (scale != 1) {
      floats.scale(scale, space.branch, out + from, to - from);
    }
    if (bias.length > 0) {
      floats.add(bias, from, space.branch, out + from, to - from);
    }
  }
}
