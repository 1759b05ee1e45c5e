package dev.skipjack.models.architecture;

import dev.skipjack.models.spec.ActivationSpec;
import dev.skipjack.models.spec.DecoderSpec;
import dev.skipjack.models.spec.FeedForwardSpec.RouterInput;
import dev.skipjack.models.spec.RopeSpec.Layout;
import java.util.Optional;

/**
 * SmallThinker: a mixture of ReGLU experts routed by the layer input; every fourth layer sees all
 * positions and encodes none.
 */
final class SmallThinker implements Architecture {
  @Override
  public String name() {
    return "smallthinker";
  }

  @Override
  public DecoderSpec describe(Checkpoint checkpoint) {
    int window = checkpoint.window();
    return new DecoderBinder(checkpoint, Layout.NEOX, ActivationSpec.of("relu"))
        .bind(
            layer -> {
              boolean full = layer.index() % 4 == 0;
              layer.slidingWindow(full ? 0 : window);
              if (window > 0 && full) {
                layer.rope(Optional.empty());
              }
              layer.feedForward().mixture().routerInput(RouterInput.LAYER_INPUT);
            });
  }
}
