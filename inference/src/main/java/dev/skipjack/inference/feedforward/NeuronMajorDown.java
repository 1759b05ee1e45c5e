package dev.skipjack.inference.feedforward;

import dev.skipjack.inference.layer.Affine;
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

  /** The rows themselves. */
  Rows matrix() {
    return matrix;
  }

  long rowBytes() {
    return matrix.byteSize() / matrix.rows();
  }

  /** Outputs. */
  int cols() {
    return matrix.cols();
  }

  /** The first column of a worker. */
  int from(Worker worker) {
    return worker.from(matrix.cols(), matrix.colStep());
  }

  /** The end of a worker's columns. */
  int to(Worker worker) {
    return worker.to(matrix.cols(), matrix.colStep());
  }

  /**
   * Fills this worker's columns of {@code y [out .. + hidden)} from the listed neurons; ends
   * without a barrier.
   *
   * @param activations from {@code at}, one for each listed neuron
   */
  void apply(
      Worker worker, float[] y, int out, float[] activations, int at, int[] neurons, int count) {
    int from = from(worker);
    int to = to(worker);
    Arrays.fill(y, out + from, out + to, 0);
    matrix.addRows(activations, at, neurons, count, from, to, y, out);
    affine.apply(y, out, from, to);
  }
}
