package dev.skipjack.inference.input;

import dev.skipjack.inference.layer.LinearRole;

/** The metadata keys of files that are calibrated for input sparsity. */
public final class InputKeys {
  /** The method the file is calibrated for. */
  public static final String KIND = "sparse.kind";

  private static final String THRESHOLD = "sparse.threshold.";

  private InputKeys() {}

  /**
   * Thresholds of one map, an array with one number for each layer, for example {@code
   * sparse.threshold.attn_q}: on {@code |x_j|} for TEAL, on {@code |x_j| ||W[:, j]||_2} for WINA
   * and R-Sparse. Larger scores are kept.
   */
  public static String threshold(LinearRole role) {
    return THRESHOLD + role.tensorName();
  }
}
