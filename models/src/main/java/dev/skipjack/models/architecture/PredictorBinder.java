package dev.skipjack.models.architecture;

import dev.skipjack.loader.tensor.Tensor;
import dev.skipjack.models.spec.FeedForwardSpec.PredictorSpec;
import dev.skipjack.models.spec.SparseKeys;
import java.util.Optional;

/**
 * Binds an activation predictor: {@code fc1 [rank x hidden]} and {@code fc2 [neurons x rank]}, as
 * PowerInfer names them. The rank is free in every layer.
 */
final class PredictorBinder {
  private PredictorBinder() {}

  static Optional<PredictorSpec> find(
      Checkpoint checkpoint, String prefix, int hiddenSize, int neurons) {
    Optional<Tensor> first = checkpoint.matrix(prefix + "fc1.weight", hiddenSize);
    if (first.isEmpty()) {
      return Optional.empty();
    }
    int rank = first.get().rows();
    return Optional.of(
        new PredictorSpec(
            first.get(),
            checkpoint.require(prefix + "fc2.weight", neurons, rank),
            (float) checkpoint.metadata().number(SparseKeys.POWERINFER_THRESHOLD).orElse(0),
            input(checkpoint),
            checkpoint.metadata().bool(SparseKeys.PREDICTOR_HIDDEN_RELU).orElse(true)));
  }

  private static PredictorSpec.Input input(Checkpoint checkpoint) {
    String key = SparseKeys.PREDICTOR_INPUT;
    return switch (checkpoint.metadata().string(key).orElse("residual")) {
      case "residual" -> PredictorSpec.Input.RESIDUAL;
      case "normed" -> PredictorSpec.Input.NORMED;
      case String other -> throw checkpoint.error("key " + key, other, "residual or normed");
    };
  }
}
