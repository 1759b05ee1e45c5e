package dev.skipjack.models.spec;

import dev.skipjack.loader.tensor.Tensor;
import java.util.Optional;

/**
 * A normalisation over the last dimension.
 *
 * @param weight {@code [size]}; applied as stored
 * @param bias {@code [size]}, layer norm only
 * @param epsilon added to the mean square (RMS) or the variance (LAYER) under the root
 */
public record NormSpec(Kind kind, Tensor weight, Optional<Tensor> bias, float epsilon) {
  /** What is divided by: the root mean square, or the deviation after subtracting the mean. */
  public enum Kind {
    RMS,
    LAYER
  }

  public int size() {
    return Math.toIntExact(weight.elementCount());
  }
}
