package dev.skipjack.models.architecture;

import dev.skipjack.models.spec.ActivationSpec;
import dev.skipjack.models.spec.DecoderSpec;
import dev.skipjack.models.spec.FeedForwardSpec.Form;
import dev.skipjack.models.spec.RopeSpec.Layout;

/** Apertus: head norms and an ungated xIELU with parameters for every layer. */
final class Apertus implements Architecture {
  @Override
  public String name() {
    return "apertus";
  }

  @Override
  public DecoderSpec describe(Checkpoint checkpoint) {
    return new DecoderBinder(checkpoint, Layout.NEOX, ActivationSpec.of("xielu"))
        .bind(
            layer ->
                layer
                    .headNorms()
                    .feedForward()
                    .form(Form.UNGATED)
                    .activation(xielu(checkpoint, layer.index())));
  }

  private static ActivationSpec xielu(Checkpoint checkpoint, int layer) {
    return ActivationSpec.of(
        "xielu",
        parameter(checkpoint, "alpha_p", layer),
        parameter(checkpoint, "alpha_n", layer),
        parameter(checkpoint, "beta", layer),
        parameter(checkpoint, "eps", layer));
  }

  private static float parameter(Checkpoint checkpoint, String name, int layer) {
    String key = "xielu." + name;
    double[] values =
        checkpoint
            .metadata()
            .numbers(key)
            .orElseThrow(() -> checkpoint.error("key " + key, "nothing", "one number per layer"));
    if (layer >= values.length) {
      throw checkpoint.error("key " + key, values.length + " values", "one per layer");
    }
    return (float) values[layer];
  }
}
