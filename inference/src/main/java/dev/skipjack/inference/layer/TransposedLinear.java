package dev.skipjack.inference.layer;

import dev.skipjack.kernels.Activations;
import dev.skipjack.kernels.KernelProvider;
import dev.skipjack.kernels.RowMatrix;
import dev.skipjack.kernels.Rows;
import dev.skipjack.kernels.team.Worker;
import dev.skipjack.models.spec.LinearSpec;
import java.util.Arrays;
import java.util.stream.IntStream;

/**
 * Reads every weight of a matrix held as {@code [inputs x outputs]}: for one token a sum of its
 * rows, of which workers take whole groups, for more a product of which each weight is decoded
 * once.
 */
final class TransposedLinear implements Linear {
  private final RowMatrix matrix;
  private final Rows rows;
  private final Affine affine;
  private final RowSum sum;

  /** The rows of each group, all of them in order. */
  private final int[][] groups;

  TransposedLinear(KernelProvider kernels, LinearSpec spec) {
    this.matrix = kernels.matrix(spec.weight());
    this.rows = kernels.rows(spec.weight());
    this.affine = new Affine(kernels.floats(), spec);
    this.sum = new RowSum(kernels.floats(), rows, affine);
    int count = matrix.rows();
    int groupCount = RowSum.groups(count);
    this.groups =
        IntStream.range(0, groupCount)
            .mapToObj(
                group ->
                    IntStream.range(
                            RowSum.start(group, groupCount, count),
                            RowSum.start(group + 1, groupCount, count))
                        .toArray())
            .toArray(int[][]::new);
  }

  @Override
  public int outputs() {
    return matrix.cols();
  }

  @Override
  public int inputs() {
    return matrix.rows();
  }

  @Override
  public long byteSize() {
    return rows.byteSize();
  }

  @Override
  public boolean needsInt8() {
    return false;
  }

  @Override
  public int step() {
    return Math.max(matrix.colStep(), rows.colStep());
  }

  /** Outputs of single tokens are columns of rows, and there is a barrier where all are wanted. */
  @Override
  public boolean divisible() {
    return false;
  }

  @Override
  public void apply(Activations x, int tokens, int from, int to, float[] y, int yStride) {
    if (tokens == 1) {
      Arrays.fill(y, from, to, 0);
      for (int[] group : groups) {
        rows.addRows(x.values(), group[0], group, group.length, from, to, y, 0);
      }
    } else {
      matrix.multiplyTransposed(x, tokens, from, to, y, 0, yStride);
    }
    for (int t = 0; t < tokens; t++) {
      affine.apply(y, t * yStride, from, to);
    }
  }

  @Override
  public void applyToken(Worker worker, Activations x, float[] sums, float[] y) {
    worker.distributeSingly(groups.length);
    while (worker.take()) {
      int group = worker.first();
      int[] list = groups[group];
      sum.begin(sums, group);
      sum.add(x.values(), list[0], list, list.length, sums, group);
    }
    worker.barrier();
    sum.finish(worker, sums, groups.length, y, 0);
  }

  @Override
  public void applyBatch(Worker worker, Workspace space, Activations x, float[] y) {
    if (space.count == 1) {
      applyToken(worker, x, space.sums, y);
    } else {
      Linear.super.applyBatch(worker, space, x, y);
    }
  }
}
