package dev.skipjack.inference.layer;

import dev.skipjack.kernels.FloatKernels;
import dev.skipjack.kernels.Rows;
import dev.skipjack.kernels.team.Worker;
import java.util.Arrays;

/**
 * A linear map of one token whose weight is held transposed, {@code [inputs x outputs]}: a sum of
 * its rows. The rows to add are divided into groups, which are summed each by whoever takes it, and
 * then added up in their order; so a row is read by one core, and the result does not depend on the
 * number of workers. Immutable.
 */
public final class RowSum {
  /** Most groups into which rows are divided. */
  public static final int GROUPS = 16;

  /** Rows of a part: few enough to be in the nearest caches with others read beside them. */
  private static final int TOGETHER = 32;

  private final FloatKernels floats;
  private final Rows rows;
  private final Affine affine;

  /** Values of a sum. */
  private final int length;

  /**
   * @param rows of the transposed weight
   * @param affine what follows the matrix
   */
  public RowSum(FloatKernels floats, Rows rows, Affine affine) {
    this.floats = floats;
    this.rows = rows;
    this.length = rows.sumLength();
    this.affine = affine;
  }

  /** Room for the sums of all groups {@code [GROUPS x Rows.longestSum(outputs)]}. */
  public static float[] newSums(int outputs) {
    return new float[GROUPS * Rows.longestSum(outputs)];
  }

  /** The rows themselves. */
  public Rows rows() {
    return rows;
  }

  public long rowBytes() {
    return rows.byteSize() / rows.rows();
  }

  public int outputs() {
    return rows.cols();
  }

  /** The first output of a worker. */
  public int from(Worker worker) {
    return worker.from(rows.cols(), rows.colStep());
  }

  /** The end of a worker's outputs. */
  public int to(Worker worker) {
    return worker.to(rows.cols(), rows.colStep());
  }

  /**
   * Into how many groups a list of rows is divided: as many as there may be, unless fewer leave
   * less of their parts unfilled.
   */
  public static int groups(int count) {
    int parts = Math.max(1, parts(count));
    return Math.ceilDiv(parts, Math.ceilDiv(parts, GROUPS));
  }

  /** Into how many parts a group is divided whose rows are read one part after the other. */
  public static int parts(int count) {
    return Math.ceilDiv(count, TOGETHER);
  }

  /**
   * The first list entry of a group or part; that of the one behind the last is the end of the
   * list.
   */
  public static int start(int group, int groups, int count) {
    return (int) ((long) count * group / groups);
  }

  /** Begins the sum of a group in {@code [groups x sumLength]}. */
  public void begin(float[] sums, int group) {
    int at = group * length;
    Arrays.fill(sums, at, at + length, 0);
  }

  /** Adds {@code x[at + i]} times row {@code list[i]} to the sum of a group. */
  public void add(float[] x, int at, int[] list, int count, float[] sums, int group) {
    rows.sumRows(x, at, list, count, sums, group * length);
  }

  /**
   * Adds up the sums of all groups, which a barrier has ended, into this worker's outputs of {@code
   * y [out .. + outputs)}; ends without a barrier.
   */
  public void finish(Worker worker, float[] sums, int groups, float[] y, int out) {
    int from = from(worker);
    int to = to(worker);
    int end = to == rows.cols() ? length : to;
    for (int group = 1; group < groups; group++) {
      floats.add(sums, group * length + from, sums, from, end - from);
    }
    Arrays.fill(y, out + from, out + to, 0);
    rows.addSum(sums, 0, from, to, y, out);
    affine.apply(y, out, from, to);
  }
}
