package dev.skipjack.inference.input;

import dev.skipjack.inference.layer.LinearRole;
import dev.skipjack.models.spec.SparseKeys;

/** The metadata keys of input sparsity, beside {@link SparseKeys}. */
public final class InputKeys {
  private InputKeys() {}

  /**
   * Thresholds of one map, an array with one number for each layer, for example {@code
   * sparse.threshold.attn_q}: on {@code |x_j|} for TEAL, on {@code |x_j| ||W[:, j]||_2} for WINA
   * and R-Sparse. Larger scores are kept.
   */
  public static String threshold(LinearRole role) {
    return SparseKeys.THRESHOLD + "." + role.tensorName();
  }
}
