package dev.skipjack.models.architecture;

import dev.skipjack.models.spec.ActivationSpec;
import dev.skipjack.models.spec.DecoderSpec;
import dev.skipjack.models.spec.FeedForwardSpec.Form;
import dev.skipjack.models.spec.RopeSpec.Layout;

/**
 * Apertus: head norms and an ungated xIELU with parameters for every layer. Files keep the slopes
 * as they were trained, before the softplus that makes them positive.
 */
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
    float beta = parameter(checkpoint, "beta", layer);
    return ActivationSpec.of(
        "xielu",
        beta + softplus(parameter(checkpoint, "alpha_n", layer)),
        softplus(parameter(checkpoint, "alpha_p", layer)),
        beta,
        parameter(checkpoint, "eps", layer));
  }

  private static float softplus(float x) {
    return (float) (Math.max(0, x) + Math.log1p(Math.exp(-Math.abs(x))));
  }

  /** One number for each layer, or one for all. */
  private static float parameter(Checkpoint checkpoint, String name, int layer) {
    String key = "xielu." + name;
    if (!(checkpoint.metadata().value(key).orElse(null) instanceof double[] perLayer)) {
      return (float)
          checkpoint
              .metadata()
              .number(key)
              .orElseThrow(() -> checkpoint.error("key " + key, "nothing", "one number per layer"));
    }
    if (layer >= perLayer.length) {
      throw checkpoint.error("key " + key, perLayer.length + " values", "one per layer");
    }
    return (float) perLayer[layer];
  }
}
