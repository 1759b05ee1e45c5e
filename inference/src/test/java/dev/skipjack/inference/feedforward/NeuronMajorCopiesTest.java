package dev.skipjack.inference.feedforward;

import static org.assertj.core.api.Assertions.assertThat;

import dev.skipjack.kernels.team.ThreadTeam;
import dev.skipjack.loader.tensor.Tensor;
import dev.skipjack.loader.tensor.TensorType;
import dev.skipjack.models.spec.FeedForwardSpec.DownSpec;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NeuronMajorCopiesTest {
  private static final int HIDDEN = 67;

  @ParameterizedTest
  @CsvSource({
    "F32, F32, 45",
    "F16, F16, 333",
    "BF16, BF16, 1000",
    "Q8_0, F32, 576",
    "Q4_K, F32, 768"
  })
  void copiesEveryWeightExactly(TensorType type, TensorType copied, int neurons) {
    Tensor source = down(type, neurons);
    DownSpec spec = new DownSpec(source, false, Optional.empty(), 0.5f);
    try (NeuronMajorCopies copies = new NeuronMajorCopies(List.of(spec));
        ThreadTeam team = new ThreadTeam(3)) {
      DownSpec copy = copies.of(spec, team);
      assertThat(copy.neuronMajor()).isTrue();
      assertThat(copy.scale()).isEqualTo(0.5f);
      assertThat(copy.weight().type()).isEqualTo(copied);
      assertThat(copy.weight().shape()).containsExactly(neurons, HIDDEN);
      assertThat(copies.description()).contains("%s as %s".formatted(type, copied));
      float[] expected = source.toFloats();
      float[] actual = copy.weight().toFloats();
      for (int n = 0; n < neurons; n++) {
        for (int h = 0; h < HIDDEN; h++) {
          assertThat(actual[n * HIDDEN + h]).isEqualTo(expected[h * neurons + n]);
        }
      }
    }
  }

  private static Tensor down(TensorType type, int neurons) {
    return TestLayer.tensor("down", type, TestLayer.floats(1, HIDDEN * neurons), HIDDEN, neurons);
  }

  @Test
  void neuronMajorWeightsAreNotCopied() {
    DownSpec spec = new DownSpec(down(TensorType.F32, 8), true, Optional.empty(), 1);
    try (NeuronMajorCopies copies = new NeuronMajorCopies(List.of(spec));
        ThreadTeam team = new ThreadTeam(1)) {
      assertThat(copies.of(spec, team)).isSameAs(spec);
      assertThat(copies.description()).isEqualTo("down projections are neuron-major in the file");
    }
  }

  @Test
  void manyBlockWeightsAreRoundedToHalves() {
    Tensor small = down(TensorType.Q8_0, 32);
    DownSpec spec = new DownSpec(small, false, Optional.empty(), 1);
    long limit = small.elementCount() * Float.BYTES - 1;
    try (NeuronMajorCopies copies = new NeuronMajorCopies(List.of(spec), limit);
        ThreadTeam team = new ThreadTeam(2)) {
      Tensor copy = copies.of(spec, team).weight();
      assertThat(copy.type()).isEqualTo(TensorType.F16);
      assertThat(copies.description()).contains("Q8_0 as F16", "rounded");
      float[] expected = small.toFloats();
      float[] actual = copy.toFloats();
      for (int i = 0; i < expected.length; i++) {
        float source = expected[i % HIDDEN * 32 + i / HIDDEN];
        assertThat(actual[i]).isEqualTo(Float.float16ToFloat(Float.floatToFloat16(source)));
      }
    }
  }
}
