package dev.skipjack.models.architecture;

import dev.skipjack.models.spec.ActivationSpec;
import dev.skipjack.models.spec.DecoderSpec;
import dev.skipjack.models.spec.FeedForwardSpec.Form;
import dev.skipjack.models.spec.RopeSpec.Layout;

/** Arcee AFM: Llama with an ungated squared-ReLU feed-forward. */
final class Arcee implements Architecture {
  @Override
  public String name() {
    return "arcee";
  }

  @Override
  public DecoderSpec describe(Checkpoint checkpoint) {
    return new DecoderBinder(checkpoint, Layout.NORM, ActivationSpec.of("relu2"))
        .bind(layer -> layer.feedForward().form(Form.UNGATED));
  }
}
