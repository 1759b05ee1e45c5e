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

  /** String: {@code residual} or {@code normed}, what predictors read. */
  public static final String PREDICTOR_INPUT = PREFIX + "predictor.input";

  /** Bool: whether predictors have ReLU between their matrices; they do unless it says no. */
  public static final String PREDICTOR_HIDDEN_RELU = PREFIX + "predictor.hidden_relu";

  /** F32 array, one per layer: the fraction of predicted neurons that were active. */
  public static final String PREDICTOR_PRECISION = PREFIX + "predictor.precision";

  /** F32: PowerInfer's one threshold on raw logits for all layers. */
  public static final String POWERINFER_THRESHOLD = "powerinfer.sparse_threshold";

  private SparseKeys() {}
}
