package dev.skipjack.inference.measure;

import dev.skipjack.inference.decoder.Decoder;
import dev.skipjack.inference.decoder.ForwardPass;
import dev.skipjack.inference.feedforward.FeedForwards;
import dev.skipjack.kernels.KernelProviders;
import dev.skipjack.kernels.team.ThreadTeam;
import dev.skipjack.loader.container.ModelFile;
import dev.skipjack.loader.tensor.TensorType;
import dev.skipjack.models.Checkpoints;
import dev.skipjack.models.architecture.Architectures;
import dev.skipjack.models.spec.DecoderSpec;
import java.nio.file.Path;

/**
 * How many feed-forward neurons a text really activates when all of them are computed: those whose
 * activation function does not return zero.
 *
 * @param layers the active fraction in each layer; do not modify
 */
public record NeuronActivity(double[] layers) {
  /**
   * Runs a model densely over tokens, as one prompt.
   *
   * @throws dev.skipjack.loader.container.ModelFormatException if the model cannot be used
   * @throws IllegalArgumentException if there are no tokens
   */
  public static NeuronActivity measure(Path model, int threads, int... tokens) {
    if (tokens.length == 0) {
      throw new IllegalArgumentException("tokens: found none, expected at least one");
    }
    try (ModelFile file = Checkpoints.open(model);
        ThreadTeam team = new ThreadTeam(threads)) {
      CountingProvider kernels = new CountingProvider(KernelProviders.get());
      DecoderSpec spec = Architectures.describe(file);
      try (FeedForwards dense = FeedForwards.dense(kernels, spec);
          ForwardPass pass =
              new ForwardPass(
                  file.source(),
                  new Decoder(kernels, spec, dense),
                  kernels,
                  TensorType.F16,
                  team,
                  tokens.length,
                  tokens.length)) {
        pass.feed(tokens, 0, tokens.length, 0, true, false);
      }
      return new NeuronActivity(kernels.activeFractions());
    }
  }
}
