package dev.skipjack.inference.feedforward;

import dev.skipjack.inference.layer.ActiveSet;
import dev.skipjack.models.spec.NormSpec;

/**
 * The RMS norm before a down projection (BitNet), over the active neurons alone: it maps zeros to
 * zeros, and its mean runs over all neurons whether they are listed or not. Immutable.
 */
final class SparseNorm {
  private final float[] weight;
  private final float epsilon;

  SparseNorm(NormSpec spec) {
    this.weight = spec.weight().toFloats();
    this.epsilon = spec.epsilon();
  }

  /** Norms the merged values of a worker. */
  void apply(ActiveSet.Share share, int length) {
    double squares = 0;
    for (int i = 0; i < share.count(); i++) {
      squares += (double) share.values[i] * share.values[i];
    }
    float scale = (float) (1 / Math.sqrt(squares / length + epsilon));
    for (int i = 0; i < share.count(); i++) {
      share.values[i] *= scale * weight[share.neurons[i]];
    }
  }
}
