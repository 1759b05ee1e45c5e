package dev.skipjack.models.architecture;

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
        .orElse(ofArchitecture);
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
