package dev.skipjack.models.architecture;

import dev.skipjack.models.spec.ActivationSpec;
import dev.skipjack.models.spec.DecoderSpec;
import dev.skipjack.models.spec.RopeSpec.Layout;
import java.util.Optional;

/** SmolLM 3: every fourth layer encodes no positions. */
final class SmolLm3 implements Architecture {
  @Override
  public String name() {
    return "smollm3";
  }

  @Override
  public DecoderSpec describe(Checkpoint checkpoint) {
    return new DecoderBinder(checkpoint, Layout.NORM, ActivationSpec.of("silu"))
        .bind(
            layer -> {
              if (!checkpoint.rotates(layer.index(), (layer.index() + 1) % 4 != 0)) {
                layer.rope(Optional.empty());
              }
            });
  }
}
