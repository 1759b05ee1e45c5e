package dev.skipjack.models.spec;

/**
 * Metadata keys that a calibration leaves in a GGUF file. All calibrated numbers of a file belong
 * to the one method that {@link #KIND} names.
 */
public final class SparseKeys {
  /** What all keys here begin with. */
  public static final String PREFIX = "sparse.";

  /** String: the sparsity mode the file was calibrated for. */
  public static final String KIND = PREFIX + "kind";

  /** F32 array, one per layer: the number that the mode takes, unless it has a key of its own. */
  public static final String THRESHOLD = PREFIX + "threshold";

  /** String: text, method and settings of the calibration, for people. */
  public static final String CALIBRATION = PREFIX + "calibration";

  /** F32: what was asked for. */
  public static final String TARGET = PREFIX + "target";

  /** F32 array, one per layer: what was reached on held-out text, in the unit of the target. */
  public static final String ACHIEVED = PREFIX + "achieved";

  private SparseKeys() {}
}
