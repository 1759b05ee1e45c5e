package dev.skipjack.models.architecture;

import dev.skipjack.models.spec.ActivationSpec;
import dev.skipjack.models.spec.DecoderSpec;
import dev.skipjack.models.spec.RopeSpec;
import dev.skipjack.models.spec.RopeSpec.Layout;
import java.util.Optional;

/**
 * Gemma 3: as Gemma 2 with head norms instead of capped scores, and a rotation of its own for the
 * five of six layers that see a window.
 */
final class Gemma3 implements Architecture {
  @Override
  public String name() {
    return "gemma3";
  }

  @Override
  public DecoderSpec describe(Checkpoint checkpoint) {
    int window = checkpoint.window();
    DecoderBinder decoder =
        new DecoderBinder(checkpoint, Layout.NEOX, ActivationSpec.of("gelu_pytorch_tanh"));
    RopeSpec local = decoder.rope.unscaled(checkpoint.positiveNumber("rope.freq_base_swa", 10000));
    float scale = Gemma.attentionScale(checkpoint, decoder, 62);
    return decoder
        .embeddingScale((float) Math.sqrt(decoder.hiddenSize))
        .bind(
            layer -> {
              layer
                  .postNorms("post_attention_norm", "post_ffw_norm")
                  .attentionScale(scale)
                  .headNorms();
              if (checkpoint.slides(layer.index(), 6)) {
                layer.slidingWindow(window).rope(Optional.of(local));
              }
            });
  }
}
