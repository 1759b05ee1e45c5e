package dev.skipjack.models.architecture;

import dev.skipjack.models.spec.ActivationSpec;
import dev.skipjack.models.spec.DecoderSpec;
import dev.skipjack.models.spec.RopeSpec.Layout;

/** Gemma 2: norms around both branches, capped scores and logits, a window on every other layer. */
final class Gemma2 implements Architecture {
  @Override
  public String name() {
    return "gemma2";
  }

  @Override
  public DecoderSpec describe(Checkpoint checkpoint) {
    int window = checkpoint.window();
    float softcap = checkpoint.number("attn_logit_softcapping", 50);
    DecoderBinder decoder =
        new DecoderBinder(checkpoint, Layout.NEOX, ActivationSpec.of("gelu_pytorch_tanh"));
    float scale = Gemma.attentionScale(checkpoint, decoder, 46);
    return decoder
        .embeddingScale((float) Math.sqrt(decoder.hiddenSize))
        .bind(
            layer ->
                layer
                    .postNorms("post_attention_norm", "post_ffw_norm")
                    .attentionScale(scale)
                    .softcap(softcap)
                    .slidingWindow(checkpoint.slides(layer.index(), 2) ? window : 0));
  }
}
