package dev.skipjack.models.architecture;

import dev.skipjack.models.spec.ActivationSpec;
import dev.skipjack.models.spec.DecoderSpec;
import dev.skipjack.models.spec.RopeSpec.Layout;

/** Phi 3: fused projections, LongRoPE, an optional sliding window. */
final class Phi3 implements Architecture {
  @Override
  public String name() {
    return "phi3";
  }

  @Override
  public DecoderSpec describe(Checkpoint checkpoint) {
    int window = checkpoint.window();
    return new DecoderBinder(checkpoint, Layout.NEOX, ActivationSpec.of("silu"))
        .bind(layer -> layer.slidingWindow(window));
  }
}
