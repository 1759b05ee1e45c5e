package dev.skipjack.models.architecture;

import dev.skipjack.models.spec.ActivationSpec;
import dev.skipjack.models.spec.DecoderSpec;
import dev.skipjack.models.spec.RopeSpec.Layout;

/** Bamboo: a Mistral with dReLU, as PowerInfer publishes it; its rows are not permuted. */
final class Bamboo implements Architecture {
  @Override
  public String name() {
    return "bamboo";
  }

  @Override
  public DecoderSpec describe(Checkpoint checkpoint) {
    return new DecoderBinder(checkpoint, Layout.NEOX, ActivationSpec.of("drelu")).bind(layer -> {});
  }
}
