package dev.skipjack.inference.input;

import dev.skipjack.inference.layer.InputSpace;
import dev.skipjack.kernels.Activations;
import dev.skipjack.kernels.FloatKernels;
import dev.skipjack.kernels.KernelProvider;
import dev.skipjack.kernels.RowMatrix;
import dev.skipjack.kernels.team.Worker;
import java.util.stream.IntStream;

/**
 * The low-rank part of a linear map (R-Sparse, arXiv 2504.19449): {@code y += scale U^T (V x)} over
 * the inputs that were not kept. Immutable.
 */
final class LowRank {
  private final FloatKernels floats;

  /** {@code [rank x outputs]}. */
  private final RowMatrix u;

  /** {@code [rank x inputs]}. */
  private final RowMatrix v;

  private final float scale;
  private final int[] all;

  LowRank(KernelProvider kernels, Factors factors, float scale) {
    this.floats = kernels.floats();
    this.u = kernels.matrix(factors.u());
    this.v = kernels.matrix(factors.v());
    this.scale = scale;
    this.all = IntStream.range(0, v.rows()).toArray();
  }

  int rank() {
    return v.rows();
  }

  long byteSize() {
    return u.byteSize() + v.byteSize();
  }

  /** Ranges of outputs are cut at multiples of this. */
  int step() {
    return u.colStep();
  }

  /**
   * Adds to outputs {@code [from, to)} of {@code y [tokens x yStride]}, on all workers; there is a
   * barrier in it.
   *
   * @param rest the inputs that were not kept, zeros elsewhere
   */
  void add(
      Worker worker,
      InputSpace space,
      Activations rest,
      int tokens,
      int from,
      int to,
      float[] y,
      int yStride) {
    int rank = rank();
    float[] image = space.nextCompressed(space.share(worker));
    int fromRow = worker.from(rank, v.rowStep());
    int toRow = worker.to(rank, v.rowStep());
    v.multiply(rest, tokens, fromRow, toRow, image, 0, rank);
    if (scale != 1) {
      for (int t = 0; t < tokens; t++) {
        floats.scale(scale, image, t * rank + fromRow, toRow - fromRow);
      }
    }
    worker.barrier();
    for (int t = 0; t < tokens; t++) {
      u.addRows(image, t * rank, all, rank, from, to, y, t * yStride);
    }
  }
}
