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
  /** Neurons whose gates, ups and down rows are in the nearest caches when the next are read. */
  private static final int TOGETHER = 32;

  private final FloatKernels floats;
  private final Rows matrix;
  private final Affine affine;

  /** Values of a sum. */
  private final int length;

  /**
   * @param matrix the rows of {@code spec}, neuron-major
   */
  NeuronMajorDown(KernelProvider kernels, Rows matrix, DownSpec spec) {
    this.floats = kernels.floats();
    this.matrix = matrix;
    this.length = matrix.sumLength();
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

  /**
   * Into how many groups a list of neurons is divided: as many as there may be, unless fewer leave
   * less of their parts unfilled.
   */
  static int groups(int count) {
    int parts = Math.max(1, parts(count));
    return Math.ceilDiv(parts, Math.ceilDiv(parts, SelectionSpace.GROUPS));
  }

  /** Into how many parts a group is divided whose rows are read one part after the other. */
  static int parts(int count) {
    return Math.ceilDiv(count, TOGETHER);
  }

  /** The first list entry of a group; that of the group behind the last is the end of the list. */
  static int groupStart(int group, int groups, int count) {
    return (int) ((long) count * group / groups);
  }

  /** Begins the sum of a group in {@code [groups x sumLength]}. */
  void begin(float[] sums, int group) {
    int at = group * length;
    Arrays.fill(sums, at, at + length, 0);
  }

  /** Adds neurons to the sum of a group. */
  void add(float[] activations, int[] neurons, int count, float[] sums, int group) {
    matrix.sumRows(activations, 0, neurons, count, sums, group * length);
  }

  /**
   * Adds up the sums of all groups, which a barrier has ended, into this worker's columns of {@code
   * y [out .. + hidden)}; ends without a barrier.
   */
  void finish(Worker worker, float[] sums, int groups, float[] y, int out) {
    int from = from(worker);
    int to = to(worker);
    int end = to == matrix.cols() ? length : to;
    for (int group = 1; group < groups; group++) {
      floats.add(sums, group * length + from, sums, from, end - from);
    }
    Arrays.fill(y, out + from, out + to, 0);
    matrix.addSum(sums, 0, from, to, y, out);
    affine.apply(y, out, from, to);
  }
}
