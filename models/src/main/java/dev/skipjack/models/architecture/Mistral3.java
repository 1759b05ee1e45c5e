package dev.skipjack.models.architecture;

import dev.skipjack.models.spec.ActivationSpec;
import dev.skipjack.models.spec.AttentionSpec.TemperatureSpec;
import dev.skipjack.models.spec.DecoderSpec;
import dev.skipjack.models.spec.RopeSpec;
import dev.skipjack.models.spec.RopeSpec.Layout;
import java.util.Optional;

/**
 * Mistral 3 and Ministral 3: YaRN whose growth of the scores is cancelled, and queries that grow
 * with their position.
 */
final class Mistral3 implements Architecture {
  @Override
  public String name() {
    return "mistral3";
  }

  @Override
  public DecoderSpec describe(Checkpoint checkpoint) {
    DecoderBinder decoder = new DecoderBinder(checkpoint, Layout.NORM, ActivationSpec.of("silu"));
    Optional<RopeSpec> rope = Optional.of(rope(decoder.rope));
    Optional<TemperatureSpec> temperature = temperature(checkpoint, decoder.rope);
    return decoder.bind(layer -> layer.rope(rope).temperature(temperature));
  }

  private static RopeSpec rope(RopeFactory factory) {
    return factory.isYarn()
        ? factory.yarn((float) (1 / (1 + 0.1 * Math.log(factory.factor()))))
        : factory.standard();
  }

  private static Optional<TemperatureSpec> temperature(Checkpoint checkpoint, RopeFactory rope) {
    float scale = checkpoint.number("attention.temperature_scale", 0);
    int context = checkpoint.count("attention.temperature_length", rope.originalContext());
    return scale == 0 ? Optional.empty() : Optional.of(new TemperatureSpec(scale, context));
  }
}
