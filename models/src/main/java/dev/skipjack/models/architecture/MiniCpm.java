package dev.skipjack.models.architecture;

import dev.skipjack.models.spec.ActivationSpec;
import dev.skipjack.models.spec.DecoderSpec;
import dev.skipjack.models.spec.RopeSpec.Layout;

/**
 * MiniCPM, and with it the ReLU and SiLU checkpoints of the Sparsing Law. Files without multipliers
 * mean those of MiniCPM 2B.
 */
final class MiniCpm implements Architecture {
  @Override
  public String name() {
    return "minicpm";
  }

  @Override
  public DecoderSpec describe(Checkpoint checkpoint) {
    int layers = checkpoint.requireCount("block_count");
    int hidden = checkpoint.requireCount("embedding_length");
    float residualScale = checkpoint.number("residual_scale", 1.4 / Math.sqrt(layers));
    return new DecoderBinder(checkpoint, Layout.NORM, ActivationSpec.of("silu"))
        .embeddingScale(checkpoint.number("embedding_scale", 12))
        .logitScale(1 / checkpoint.number("logit_scale", hidden / 256.0))
        .bind(layer -> layer.residualScale(residualScale));
  }
}
