package dev.skipjack.inference.layer;

import dev.skipjack.kernels.Activations;
import dev.skipjack.kernels.KernelProvider;
import dev.skipjack.kernels.Matrix;
import dev.skipjack.kernels.team.Worker;
import dev.skipjack.models.spec.LinearSpec;

/** A linear map {@code y = scale W x + b} bound to kernels. Immutable; workers share it. */
public interface Linear {
  /** A map that reads every weight. */
  static Linear dense(KernelProvider kernels, LinearSpec spec) {
    return over(kernels, kernels.dense(spec.weight()), spec);
  }

  /** The same over a matrix that holds the weight already. */
  static Linear over(KernelProvider kernels, Matrix matrix, LinearSpec spec) {
    return new DenseLinear(kernels.floats(), matrix, spec);
  }

  /** The same for a weight that is held transposed, {@code [inputs x outputs]}. */
  static Linear transposed(KernelProvider kernels, LinearSpec spec) {
    return new TransposedLinear(kernels, spec);
  }

  int outputs();

  int inputs();

  /** Bytes of weights. */
  long byteSize();

  /** Whether {@link Activations#quants} must be filled in before. */
  boolean needsInt8();

  /** Ranges of outputs start at multiples of this. */
  int step();

  /** Computes outputs {@code [from, to)} of every token into {@code y [tokens x yStride]}. */
  void apply(Activations x, int tokens, int from, int to, float[] y, int yStride);

  /**
   * Whether outputs cost the same however they are divided, so that workers can take them in
   * chunks. If not, each worker gets one range of them.
   */
  default boolean divisible() {
    return true;
  }

  /** Computes the outputs of every token, on all workers; there is no barrier in it. */
  default void apply(Worker worker, Activations x, int tokens, float[] y, int yStride) {
    if (!divisible()) {
      apply(x, tokens, worker.from(outputs(), step()), worker.to(outputs(), step()), y, yStride);
      return;
    }
    worker.distributeRows(outputs(), step());
    while (worker.take()) {
      apply(x, tokens, worker.first(), worker.end(), y, yStride);
    }
  }

  /**
   * Computes the outputs {@code y [outputs]} of one token, on all workers; ends without a barrier.
   * Unless the map is {@link #divisible}, there may be barriers in it.
   *
   * @param sums of {@link RowSum#newSums}; a barrier separates two maps that use the same
   */
  default void applyToken(Worker worker, Activations x, float[] sums, float[] y) {
    apply(worker, x, 1, y, outputs());
  }

  /**
   * Computes outputs {@code [from, to)} for the batch of a workspace, reading only what its
   * sparsity method asks for. Unless the map is {@link #divisible}, all workers call this together,
   * each for outputs of its own, because there may be barriers in it; whoever needs the outputs of
   * others waits for one more.
   */
  default void applyBatch(
      Worker worker, Workspace space, Activations x, int from, int to, float[] y, int yStride) {
    apply(x, space.count, from, to, y, yStride);
  }

  /**
   * {@link #applyBatch} for all outputs, {@code y [tokens x outputs]}, on all workers; ends without
   * a barrier. Which of them a worker has written is its own affair, so whoever reads them waits
   * for one.
   */
  default void applyBatch(Worker worker, Workspace space, Activations x, float[] y) {
    if (!divisible()) {
      int from = worker.from(outputs(), step());
      applyBatch(worker, space, x, from, worker.to(outputs(), step()), y, outputs());
      return;
    }
    worker.distributeRows(outputs(), step());
    while (worker.take()) {
      applyBatch(worker, space, x, worker.first(), worker.end(), y, outputs());
    }
  }
}
