package dev.skipjack.models.architecture;

import dev.skipjack.models.spec.ActivationSpec;
import dev.skipjack.models.spec.DecoderSpec;
import dev.skipjack.models.spec.RopeSpec.Layout;

/** Llama and everything published in its clothes: Mistral 7B, Mixtral, Yi, TinyLlama, ReluLLaMA. */
final class Llama implements Architecture {
  @Override
  public String name() {
    return "llama";
  }

  @Override
  public DecoderSpec describe(Checkpoint checkpoint) {
    int window = checkpoint.window();
    return new DecoderBinder(checkpoint, Layout.NORM, ActivationSpec.of("silu"))
        .bind(layer -> layer.slidingWindow(window));
  }
}
