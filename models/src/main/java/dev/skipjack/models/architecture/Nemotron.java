package dev.skipjack.models.architecture;

import dev.skipjack.models.spec.ActivationSpec;
import dev.skipjack.models.spec.DecoderSpec;
import dev.skipjack.models.spec.FeedForwardSpec.Form;
import dev.skipjack.models.spec.NormSpec;
import dev.skipjack.models.spec.RopeSpec.Layout;

/** Nemotron 3 and 4, Minitron: layer norms, partial rotation, an ungated squared ReLU. */
final class Nemotron implements Architecture {
  @Override
  public String name() {
    return "nemotron";
  }

  @Override
  public DecoderSpec describe(Checkpoint checkpoint) {
    return new DecoderBinder(checkpoint, Layout.NEOX, ActivationSpec.of("relu2"))
        .norm(NormSpec.Kind.LAYER)
        .bind(layer -> layer.feedForward().form(Form.UNGATED));
  }
}
