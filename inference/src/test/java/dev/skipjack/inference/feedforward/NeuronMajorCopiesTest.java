package dev.skipjack.inference.feedforward;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.skipjack.kernels.KernelProviders;
import dev.skipjack.kernels.PackingProvider;
import dev.skipjack.kernels.Rows;
import dev.skipjack.kernels.team.ThreadTeam;
import dev.skipjack.loader.tensor.Tensor;
import dev.skipjack.loader.tensor.TensorType;
import dev.skipjack.models.spec.FeedForwardSpec.DownSpec;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
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

  /** What is announced against what is allocated, in every way there is to copy. */
  @ParameterizedTest
  @CsvSource({
    "F32, 64, 96, false",
    "F16, 64, 96, true",
    "Q8_0, 64, 96, false",
    "Q8_0, 64, 96, true",
    "Q4_0, 4096, 17408, false",
    "Q4_0, 4096, 17408, true",
    "Q4_0, 4112, 17408, true"
  })
  void announcedBytesAreAllocated(TensorType type, int hidden, int neurons, boolean packing) {
    Tensor source = zeros(type, hidden, neurons);
    DownSpec spec = new DownSpec(source, false, Optional.empty(), 1);
    try (ThreadTeam team = new ThreadTeam(2);
        PackingProvider packed = new PackingProvider(KernelProviders.get(), team);
        NeuronMajorCopies copies = new NeuronMajorCopies(List.of(spec))) {
      Rows rows =
          copies.bundle(packing ? packed : KernelProviders.get(), List.of(), spec, team).getLast();
      assertThat(copies.byteSize())
          .isEqualTo(NeuronMajorCopies.bytes(List.of(spec), packing))
          .isEqualTo(rows.byteSize());
      if (packed.packedBytes() > 0) {
        assertThat(copies.byteSize()).isEqualTo(packed.packedBytes());
      }
    }
  }

  private static Tensor zeros(TensorType type, int hidden, int neurons) {
    MemorySegment data = Arena.ofAuto().allocate(type.byteSize((long) hidden * neurons), 64);
    return new Tensor("down", type, new long[] {hidden, neurons}, data);
  }

  @ParameterizedTest
  @CsvSource({"F32, F32", "F16, F16", "Q8_0, Q8_0"})
  void aTypeMayBeAskedFor(TensorType asked, TensorType expected) {
    Tensor source = TestLayer.tensor("down", TensorType.Q4_0, TestLayer.floats(2, 64 * 96), 64, 96);
    DownSpec spec = new DownSpec(source, false, Optional.empty(), 1);
    try (ThreadTeam team = new ThreadTeam(2);
        NeuronMajorCopies copies = new NeuronMajorCopies(List.of(spec), Optional.of(asked))) {
      Rows rows = copies.bundle(KernelProviders.get(), List.of(), spec, team).getLast();
      assertThat(rows.type()).isEqualTo(expected);
      assertThat(rows.rows()).isEqualTo(96);
      float[] row = new float[64];
      rows.addRows(new float[] {1}, 0, new int[] {5}, 1, 0, 64, row, 0);
      float[] values = source.toFloats();
      for (int h = 0; h < 64; h++) {
        assertThat(row[h]).isCloseTo(values[h * 96 + 5], within(0.01f));
      }
    }
  }
}
