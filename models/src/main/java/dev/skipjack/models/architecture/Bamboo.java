package dev.skipjack.models.architecture;

import dev.skipjack.models.spec.ActivationSpec;
import dev.skipjack.models.spec.DecoderSpec;
import dev.skipjack.models.spec.RopeSpec.Layout;

/**
 * Bamboo: a Mistral with dReLU, as PowerInfer publishes it. Its converter permutes the rows of
 * queries and keys as for Llama. It never writes a vocabulary size: a file that has one comes from
 * another writer, and those keep the rows in the order of training.
 */
final class Bamboo implements Architecture {
  @Override
  public String name() {
    return "bamboo";
  }

  @Override
  public DecoderSpec describe(Checkpoint checkpoint) {
    Layout layout = checkpoint.has("vocab_size") ? Layout.NEOX : Layout.NORM;
    int window = checkpoint.window();
    return new DecoderBinder(checkpoint, layout, ActivationSpec.of("drelu"))
        .bind(layer -> layer.slidingWindow(window));
  }
}
