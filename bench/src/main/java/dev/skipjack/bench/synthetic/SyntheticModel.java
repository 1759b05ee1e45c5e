package dev.skipjack.bench.synthetic;

import dev.skipjack.kernels.KernelProviders;
import dev.skipjack.loader.tensor.TensorType;
import dev.skipjack.models.spec.ActivationSpec;
import java.util.OptionalDouble;

/**
 * What to generate.
 *
 * @param gated a {@code llama} with gate and up, or an {@code arcee} with up alone
 * @param type of all matrices but the output
 * @param outputType of the output matrix, which is the embedding when tied
 * @param density wanted fraction of neurons with a non-zero activation; empty leaves what the
 *     activation gives
 * @param predictorRank inner size of the activation predictor; 0 for none
 */
public record SyntheticModel(
    Shape shape,
    boolean gated,
    TensorType type,
    TensorType outputType,
    ActivationSpec activation,
    OptionalDouble density,
    int predictorRank,
    DownLayout down,
    long seed) {
  /**
   * @throws IllegalArgumentException if the choices do not go together
   */
  public SyntheticModel {
    int piece = BlockPool.pieceLength(type);
    if (density.isPresent()) {
      double wanted = density.getAsDouble();
      require(wanted > 0 && wanted < 1, "density", wanted, "a number between 0 and 1");
      require(
          KernelProviders.create("scalar")
              .activation(activation.name(), activation.parameters())
              .exactZeros(),
          "activation",
          activation,
          "one with exact zeros, for a density");
    }
    require(
        predictorRank >= 0 && predictorRank % piece == 0 && predictorRank < shape.hidden(),
        "predictor-rank",
        predictorRank,
        "a multiple of %d below %d".formatted(piece, shape.hidden()));
    require(
        predictorRank == 0 || density.isPresent(),
        "predictor-rank",
        predictorRank,
        "a density beside it");
  }

  String architecture() {
    return gated ? "llama" : "arcee";
  }

  boolean predicted() {
    return predictorRank > 0;
  }

  private static void require(boolean valid, String what, Object found, String expected) {
    if (!valid) {
      throw new IllegalArgumentException(
          "%s: found %s, expected %s".formatted(what, found, expected));
    }
  }
}
