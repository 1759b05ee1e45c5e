package dev.skipjack.models.architecture;

import dev.skipjack.models.spec.ActivationSpec;
import dev.skipjack.models.spec.DecoderSpec;
import dev.skipjack.models.spec.RopeSpec.Layout;

/**
 * BitNet b1.58 with float weights: norms before the output and down projections. Newer files name
 * their activation (relu2); older ones run with SiLU, as they always did.
 */
final class BitNet implements Architecture {
  @Override
  public String name() {
    return "bitnet";
  }

  @Override
  public DecoderSpec describe(Checkpoint checkpoint) {
    return new DecoderBinder(checkpoint, Layout.NEOX, ActivationSpec.of("silu"))
        .bind(
            layer ->
                layer
                    .attentionOutputNorm("attn_sub_norm")
                    .feedForward()
                    .activationNorm("ffn_sub_norm"));
  }
}
