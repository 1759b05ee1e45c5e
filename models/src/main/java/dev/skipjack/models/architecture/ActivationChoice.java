package dev.skipjack.models.architecture;

import dev.skipjack.loader.gguf.GgufFile;
import dev.skipjack.models.spec.ActivationSpec;
import java.util.Optional;

/** Which activation a checkpoint runs with: the user's, the file's, or the architecture's. */
final class ActivationChoice {
  private ActivationChoice() {}

  static ActivationSpec of(Checkpoint checkpoint, ActivationSpec ofArchitecture) {
    return checkpoint
        .options()
        .activation()
        .or(() -> fromFile(checkpoint, "hidden_activation"))
        .or(() -> fromFile(checkpoint, "ffn.activation"))
        .orElseGet(() -> implied(checkpoint, ofArchitecture));
  }

  /** PowerInfer files name no activation and always mean ReLU, or dReLU where that is implied. */
  private static ActivationSpec implied(Checkpoint checkpoint, ActivationSpec ofArchitecture) {
    boolean powerInfer = checkpoint.metadata().bool(GgufFile.POWERINFER_KEY).orElse(false);
    return powerInfer && !ofArchitecture.name().equals("drelu")
        ? ActivationSpec.of("relu")
        : ofArchitecture;
  }

  private static Optional<ActivationSpec> fromFile(Checkpoint checkpoint, String suffix) {
    return checkpoint
        .metadata()
        .string(checkpoint.key(suffix))
        .map(
            text -> {
              try {
                return ActivationSpec.parse(text);
              } catch (IllegalArgumentException e) {
                throw checkpoint.error(
                    "key " + checkpoint.key(suffix), text, "an activation as name or name:number");
              }
            });
  }
}
