package dev.skipjack.models.architecture;

import dev.skipjack.models.spec.ActivationSpec;
import dev.skipjack.models.spec.DecoderSpec;
import dev.skipjack.models.spec.RopeSpec.Layout;

/** Qwen 3: norms on every query and key head. */
final class Qwen3 implements Architecture {
  @Override
  public String name() {
    return "qwen3";
  }

  @Override
  public DecoderSpec describe(Checkpoint checkpoint) {
    return new DecoderBinder(checkpoint, Layout.NEOX, ActivationSpec.of("silu"))
        .bind(LayerBinder::headNorms);
  }
}
