package dev.skipjack.models.architecture;

import dev.skipjack.models.spec.ActivationSpec;
import dev.skipjack.models.spec.DecoderSpec;
import dev.skipjack.models.spec.RopeSpec.Layout;

/**
 * OLMo 2: norms behind the branches instead of in front, and over whole query and key projections.
 */
final class Olmo2 implements Architecture {
  @Override
  public String name() {
    return "olmo2";
  }

  @Override
  public DecoderSpec describe(Checkpoint checkpoint) {
    return new DecoderBinder(checkpoint, Layout.NEOX, ActivationSpec.of("silu"))
        .bind(
            layer ->
                layer
                    .noPreNorms()
                    .postNorms("post_attention_norm", "post_ffw_norm")
                    .projectionNorms());
  }
}
