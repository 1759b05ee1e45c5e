package dev.skipjack.inference.layer;

import dev.skipjack.kernels.Activations;
import dev.skipjack.kernels.KernelProvider;
import dev.skipjack.kernels.team.Worker;
import dev.skipjack.models.spec.LinearSpec;

/** A linear map {@code y = scale W x + b} bound to kernels. Immutable; workers share it. */
public interface Linear {
  /** A map that reads every weight. */
  static Linear dense(KernelProvider kernels, LinearSpec spec) {
    return new DenseLinear(kernels, spec);
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

  /** Computes this worker's share of the outputs of every token. */
  default void apply(Worker worker, Activations x, int tokens, float[] y, int yStride) {
    apply(x, tokens, worker.from(outputs(), step()), worker.to(outputs(), step()), y, yStride);
  }
}
