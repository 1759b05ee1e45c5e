package dev.skipjack.models.architecture;

import dev.skipjack.models.spec.ActivationSpec;
import dev.skipjack.models.spec.DecoderSpec;
import dev.skipjack.models.spec.RopeSpec.Layout;

/** IBM Granite: Llama with four multipliers. */
final class Granite implements Architecture {
  @Override
  public String name() {
    return "granite";
  }

  @Override
  public DecoderSpec describe(Checkpoint checkpoint) {
    float residualScale = checkpoint.number("residual_scale", 1);
    return new DecoderBinder(checkpoint, Layout.NORM, ActivationSpec.of("silu"))
        .embeddingScale(checkpoint.number("embedding_scale", 1))
        .logitScale(1 / checkpoint.number("logit_scale", 1))
        .bind(layer -> layer.residualScale(residualScale));
  }
}
