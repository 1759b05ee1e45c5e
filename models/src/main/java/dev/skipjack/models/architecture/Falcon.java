package dev.skipjack.models.architecture;

import dev.skipjack.models.spec.ActivationSpec;
import dev.skipjack.models.spec.DecoderSpec;
import dev.skipjack.models.spec.FeedForwardSpec.Form;
import dev.skipjack.models.spec.LayerSpec.Topology;
import dev.skipjack.models.spec.NormSpec;
import dev.skipjack.models.spec.RopeSpec.Layout;

/**
 * Falcon: attention and an ungated feed-forward side by side, layer norms. The 40B norms each
 * branch on its own; in its files the second norm feeds attention.
 */
final class Falcon implements Architecture {
  @Override
  public String name() {
    return "falcon";
  }

  @Override
  public DecoderSpec describe(Checkpoint checkpoint) {
    return new DecoderBinder(checkpoint, Layout.NEOX, ActivationSpec.of("gelu"))
        .norm(NormSpec.Kind.LAYER)
        .bind(
            layer -> {
              boolean two = checkpoint.find(layer.name("attn_norm_2.weight")).isPresent();
              layer
                  .topology(Topology.PARALLEL)
                  .preNorms(two ? "attn_norm_2" : "attn_norm", "attn_norm")
                  .feedForward()
                  .form(Form.UNGATED);
            });
  }
}
