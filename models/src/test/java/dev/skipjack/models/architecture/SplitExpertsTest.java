package dev.skipjack.models.architecture;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.skipjack.loader.container.ModelFormatException;
import dev.skipjack.loader.gguf.GgufFile;
import dev.skipjack.loader.gguf.GgufWriter;
import dev.skipjack.loader.tensor.Tensor;
import dev.skipjack.models.spec.DecoderSpec;
import dev.skipjack.models.spec.FeedForwardSpec.Dense;
import dev.skipjack.models.spec.FeedForwardSpec.MixtureOfExperts;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The first Mixtral files have a matrix for each expert where later ones stack them. */
class SplitExpertsTest {
  @TempDir Path directory;

  @Test
  void aMatrixOfItsOwnIsThatOfTheStack() throws Exception {
    Path split = directory.resolve("split.gguf");
    try (GgufFile stacked = open("mixtral")) {
      write(stacked, split, 4);
      try (GgufFile file = GgufFile.open(split)) {
        assertThat(file.tensors()).containsKey("blk.1.ffn_down.3.weight");
        assertThat(weights(Architectures.describe(file)))
            .containsExactlyElementsOf(weights(Architectures.describe(stacked)));
      }
    }
  }

  @Test
  void aMissingExpertIsNamed() throws Exception {
    Path split = directory.resolve("split.gguf");
    try (GgufFile stacked = open("mixtral")) {
      write(stacked, split, 3);
    }
    try (GgufFile file = GgufFile.open(split)) {
      assertThatExceptionOfType(ModelFormatException.class)
          .isThrownBy(() -> Architectures.describe(file))
          .withMessageContaining("tensor blk.0.ffn_gate.3.weight: found nothing");
    }
  }

  private static GgufFile open(String name) throws Exception {
    return GgufFile.open(
        Path.of(SplitExpertsTest.class.getResource("/gguf/" + name + ".gguf").toURI()));
  }

  private static void write(GgufFile stacked, Path target, int experts) throws Exception {
    GgufWriter writer = new GgufWriter().putAll(stacked.values());
    for (Tensor tensor : stacked.tensors().values()) {
      if (!tensor.name().contains("_exps")) {
        writer.tensor(tensor);
        continue;
      }
      long[] shape = {tensor.shape()[1], tensor.shape()[2]};
      for (int e = 0; e < experts; e++) {
        Tensor matrix = tensor.matrix(e);
        String name = tensor.name().replace("_exps", "." + e);
        writer.tensor(name, tensor.type(), shape, sink -> sink.write(matrix.data()));
      }
    }
    writer.write(target);
  }

  /** The numbers of all experts, layer by layer. */
  private static List<float[]> weights(DecoderSpec decoder) {
    return decoder.layers().stream()
        .flatMap(layer -> ((MixtureOfExperts) layer.feedForward()).experts().stream())
        .flatMap(SplitExpertsTest::matrices)
        .map(Tensor::toFloats)
        .toList();
  }

  private static Stream<Tensor> matrices(Dense expert) {
    return Stream.of(
        expert.gate().orElseThrow().weight(), expert.up().weight(), expert.down().weight());
  }
}
