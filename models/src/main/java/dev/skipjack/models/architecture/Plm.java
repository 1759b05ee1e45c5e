package dev.skipjack.models.architecture;

import dev.skipjack.models.spec.ActivationSpec;
import dev.skipjack.models.spec.DecoderSpec;
import dev.skipjack.models.spec.FeedForwardSpec.Form;
import dev.skipjack.models.spec.NormSpec;
import dev.skipjack.models.spec.ProjectionSpec;
import dev.skipjack.models.spec.RopeSpec.Layout;

/** PLM: latent attention and an ungated squared ReLU. */
final class Plm implements Architecture {
  @Override
  public String name() {
    return "plm";
  }

  @Override
  public DecoderSpec describe(Checkpoint checkpoint) {
    DecoderBinder decoder = new DecoderBinder(checkpoint, Layout.NORM, ActivationSpec.of("relu2"));
    int rank = checkpoint.requireCount("attention.kv_lora_rank");
    int rotated = decoder.rope.dimensions();
    return decoder.bind(
        layer -> {
          int heads = layer.headCount();
          int expanded = heads * (decoder.keyLength - rotated + decoder.valueLength);
          layer
              .projection(
                  new ProjectionSpec.Latent(
                      checkpoint.linear(
                          layer.name("attn_q"), heads * decoder.keyLength, decoder.hiddenSize),
                      checkpoint.linear(
                          layer.name("attn_kv_a_mqa"), rank + rotated, decoder.hiddenSize),
                      checkpoint.norm(NormSpec.Kind.RMS, layer.name("attn_kv_a_norm"), rank),
                      checkpoint.linear(layer.name("attn_kv_b"), expanded, rank)))
              .feedForward()
              .form(Form.UNGATED);
        });
  }
}
