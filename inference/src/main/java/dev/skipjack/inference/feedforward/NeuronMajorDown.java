package dev.skipjack.inference.feedforward;

import dev.skipjack.inference.layer.Affine;
import dev.skipjack.inference.layer.SelectionSpace;
import dev.skipjack.kernels.FloatKernels;
import dev.skipjack.kernels.KernelProvider;
import dev.skipjack.kernels.Rows;
import dev.skipjack.kernels.team.Worker;
import dev.skipjack.models.spec.FeedForwardSpec.DownSpec;
import dev.skipjack.models.spec.LinearSpec;
import java.util.Arrays;

/**
 * The transposed down projection {@code [neurons x hidden]}: a sum of rows. The listed neurons are
 * summed in groups, each by whoever takes it, and then the groups in their order; so a row is read
 * by one core, and the result does not depend on the number of workers. Immutable.
 */
final class NeuronMajorDown {
  /** Neurons that are worth a sum of their own. */
  private static final int FEW = 32;

  private final FloatKernels floats;
  private final Rows matrix;
  private final Affine affine;

  /**
   * @param matrix the rows of {@code spec}, neuron-major
   */
  NeuronMajorDown(KernelProvider kernels, Rows matrix, DownSpec spec) {
    this.floats = kernels.floats();
    this.matrix = matrix;
    this.affine = new Affine(floats, new LinearSpec(spec.weight(), spec.bias(), spec.scale()));
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

  /** Into how many groups a list of neurons is divided. */
  static int groups(int count) {
    return Math.clamp(count / FEW, 1, SelectionSpace.GROUPS);
  }

  /** The first list entry of a group; that of the group behind the last is the end of the list. */
  static int groupStart(int group, int groups, int count) {
    return (int) ((long) count * group / groups);
  }

  /**
   * Writes the sum of a group of neurons.
   *
   * @param sums {@code [groups x hidden]}
   */
  void sum(float[] activations, int[] neurons, int count, float[] sums, int group) {
    int out = group * matrix.cols();
    Arrays.fill(sums, out, out + matrix.cols(), 0);
    matrix.addRows(activations, 0, neurons, count, 0, matrix.cols(), sums, out);
  }

  /**
   * Adds up the sums of all groups, which a barrier has ended, into this worker's columns of {@code
   * y [out .. + hidden)}; ends without a barrier.
   */
  void finish(Worker worker, float[] sums, int groups, float[] y, int out) {
    int from = from(worker);
    int to = to(worker);
    System.arraycopy(sums, from, y, out + from, to - from);
    for (int group = 1; group < groups; group++) {
      floats.axpy(1, sums, group * matrix.cols() + from, y, out + from, to - from);
    }
    affine.apply(y, out, from, to);
  }
}
