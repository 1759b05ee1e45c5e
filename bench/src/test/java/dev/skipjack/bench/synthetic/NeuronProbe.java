package dev.skipjack.bench.synthetic;

import dev.skipjack.inference.decoder.Decoder;
import dev.skipjack.inference.decoder.ForwardPass;
import dev.skipjack.inference.feedforward.FeedForwards;
import dev.skipjack.kernels.KernelProvider;
import dev.skipjack.kernels.KernelProviders;
import dev.skipjack.kernels.team.ThreadTeam;
import dev.skipjack.loader.container.ModelFile;
import dev.skipjack.loader.tensor.Tensor;
import dev.skipjack.loader.tensor.TensorType;
import dev.skipjack.models.Checkpoints;
import dev.skipjack.models.architecture.Architectures;
import dev.skipjack.models.spec.DecoderSpec;
import java.nio.file.Path;
import java.util.function.Function;

/** Looks at neurons one by one: runs a model cut off behind a layer and reads its buffers. */
final class NeuronProbe implements AutoCloseable {
  private final ModelFile file;
  private final DecoderSpec spec;
  private final KernelProvider kernels = KernelProviders.get();

  NeuronProbe(Path model) {
    this.file = Checkpoints.open(model);
    this.spec = Architectures.describe(file);
  }

  /** Whether a neuron of a layer is not zero {@code [tokens][neurons]}. */
  boolean[][] active(int layer, int... tokens) {
    float[] neurons = run(layer + 1, tokens, pass -> pass.space().neurons.values().clone());
    int length = spec.config().feedForwardLength();
    boolean[][] active = new boolean[tokens.length][length];
    for (int t = 0; t < tokens.length; t++) {
      for (int i = 0; i < length; i++) {
        active[t][i] = neurons[t * length + i] != 0;
      }
    }
    return active;
  }

  /** What the predictor says, in plain loops over the dequantised fc1 and fc2. */
  boolean[][] predicted(int layer, int... tokens) {
    Tensor first = file.tensor("blk." + layer + ".fc1.weight").orElseThrow();
    Tensor second = file.tensor("blk." + layer + ".fc2.weight").orElseThrow();
    float[] fc1 = first.toFloats();
    float[] fc2 = second.toFloats();
    float[] embedding = file.tensor("token_embd.weight").orElseThrow().toFloats();
    boolean[][] predicted = new boolean[tokens.length][second.rows()];
    for (int t = 0; t < tokens.length; t++) {
      // No layer writes the channels that the predictor reads: the embedding is the residual.
      double[] inner = new double[first.rows()];
      for (int j = 0; j < inner.length; j++) {
        for (int c = 0; c < first.cols(); c++) {
          inner[j] += fc1[j * first.cols() + c] * embedding[tokens[t] * first.cols() + c];
        }
      }
      for (int i = 0; i < second.rows(); i++) {
        double logit = 0;
        for (int j = 0; j < inner.length; j++) {
          logit += fc2[i * inner.length + j] * Math.max(0, inner[j]);
        }
        predicted[t][i] = logit >= 0;
      }
    }
    return predicted;
  }

  double density(int layer, int... tokens) {
    int active = 0;
    for (boolean[] ofToken : active(layer, tokens)) {
      for (boolean neuron : ofToken) {
        active += neuron ? 1 : 0;
      }
    }
    return (double) active / tokens.length / spec.config().feedForwardLength();
  }

  /** The residual after the last layer {@code [tokens x hidden]}. */
  float[] residual(int... tokens) {
    return run(spec.layers().size(), tokens, pass -> pass.space().residual.clone());
  }

  private <T> T run(int layers, int[] tokens, Function<ForwardPass, T> result) {
    DecoderSpec cut =
        new DecoderSpec(
            spec.config(),
            spec.embedding(),
            spec.layers().subList(0, layers),
            spec.outputNorm(),
            spec.output());
    try (ThreadTeam team = new ThreadTeam(1);
        FeedForwards dense = FeedForwards.dense(kernels, cut);
        ForwardPass pass =
            new ForwardPass(
                file.source(),
                new Decoder(kernels, cut, dense),
                kernels,
                TensorType.F16,
                team,
                tokens.length,
                tokens.length)) {
      pass.feed(tokens, 0, tokens.length, 0, true, false);
      return result.apply(pass);
    }
  }

  @Override
  public void close() {
    file.close();
  }
}
