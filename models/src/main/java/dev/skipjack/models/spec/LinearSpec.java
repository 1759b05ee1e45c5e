package dev.skipjack.models.spec;

import dev.skipjack.loader.tensor.Tensor;
import java.util.Optional;

/**
 * A linear map {@code y = scale * W x + b}.
 *
 * @param weight {@code [outputs x inputs]}
 * @param bias {@code [outputs]}
 */
public record LinearSpec(Tensor weight, Optional<Tensor> bias, float scale) {
  public static LinearSpec of(Tensor weight) {
    return new LinearSpec(weight, Optional.empty(), 1);
  }

  public int outputs() {
    return weight.rows();
  }

  public int inputs() {
    return weight.cols();
  }
}
