package dev.skipjack.inference.feedforward;

import dev.skipjack.inference.layer.Affine;
import dev.skipjack.inference.layer.Workspace;
import dev.skipjack.kernels.KernelProvider;
import dev.skipjack.kernels.Rows;
import dev.skipjack.kernels.team.Worker;
import dev.skipjack.models.spec.FeedForwardSpec.DownSpec;
import dev.skipjack.models.spec.LinearSpec;
import java.util.Arrays;

/**
 * The transposed down projection {@code [neurons x hidden]}: a sum of rows, each worker on its own
 * columns. Immutable.
 */
final class NeuronMajorDown {
  private final Rows matrix;
  private final Affine affine;

  /**
   * @param matrix the rows of {@code spec}, neuron-major
   */
  NeuronMajorDown(KernelProvider kernels, Rows matrix, DownSpec spec) {
    this.matrix = matrix;
    this.affine =
        new Affine(kernels.floats(), new LinearSpec(spec.weight(), spec.bias(), spec.scale()));
  }

  long byteSize() {
    return matrix.byteSize();
  }

  long rowBytes() {
    return matrix.byteSize() / matrix.rows();
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
    apply(worker, space.branch, t * matrix.cols(), activations, at, neurons, count);
  }

  /** The same for this worker's columns of {@code y [out .. + hidden)}. */
  void apply(
      Worker worker, float[] y, int out, float[] activations, int at, int[] neurons, int count) {
    int hidden = matrix.cols();
    int from = worker.from(hidden, matrix.colStep());
    int to = worker.to(hidden, matrix.colStep());
    Arrays.fill(y, out + from, out + to, 0);
    matrix.addRows(activations, at, neurons, count, from, to, y, out);
    affine.apply(y, out, from, to);
  }
}
