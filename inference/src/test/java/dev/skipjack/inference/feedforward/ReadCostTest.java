package dev.skipjack.inference.feedforward;

import static org.assertj.core.api.Assertions.assertThat;

import dev.skipjack.inference.layer.RunningDensity;
import dev.skipjack.inference.layer.SelectionSpace;
import dev.skipjack.inference.layer.Stage;
import dev.skipjack.kernels.KernelProviders;
import dev.skipjack.kernels.PackingProvider;
import dev.skipjack.kernels.Rows;
import dev.skipjack.kernels.team.ThreadTeam;
import dev.skipjack.loader.tensor.Tensor;
import dev.skipjack.loader.tensor.TensorType;
import dev.skipjack.models.spec.FeedForwardSpec.Dense;
import dev.skipjack.models.spec.FeedForwardSpec.Form;
import java.util.List;
import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ReadCostTest {
  /** In percent: neurons selected before the gate, and active at up and down. */
  @ParameterizedTest
  @CsvSource({
    "GATED, 1, false, 100, 10, true",
    "GATED, 1, false, 100, 80, true",
    "GATED, 1, false, 100, 90, false",
    "GATED, 3, false, 100, 20, true",
    "GATED, 3, false, 100, 40, false",
    "GATED, 9, false, 100, 0, false",
    "GATED, 1, true, 50, 40, true",
    "GATED, 1, true, 90, 80, false",
    "GATED, 6, true, 10, 10, true",
    "UNGATED, 1, false, 100, 50, true",
    "UNGATED, 1, false, 100, 90, false",
    "UNGATED, 2, false, 100, 40, true",
    "UNGATED, 2, false, 100, 50, false"
  })
  void sparseTokensAreComputedNeuronByNeuron(
      Form form, int tokens, boolean preselects, int selected, int active, boolean expected) {
    assertThat(
            cost(form, OptionalDouble.empty())
                .favoursNeurons(tokens, preselects, running(selected, active), 0))
        .isEqualTo(expected);
  }

  private static ReadCost cost(Form form, OptionalDouble given) {
    Dense network = TestLayer.of(form, "relu").network();
    Rows down =
        KernelProviders.get()
            .rows(TestLayer.random("down_t", 1, TestLayer.LENGTH, TestLayer.HIDDEN));
    return ReadCost.of(network, down, given);
  }

  @ParameterizedTest
  @CsvSource({"0.3, 1, 29, true", "0.3, 1, 31, false", "0.3, 2, 14, true", "0.3, 2, 16, false"})
  void aGivenLimitIsKept(double limit, int tokens, int active, boolean expected) {
    ReadCost cost = cost(Form.GATED, OptionalDouble.of(limit)).withMeasured(0.9);
    assertThat(cost.favoursNeurons(tokens, false, running(100, active), 0)).isEqualTo(expected);
    assertThat(cost.tokenLimit(false)).isEqualTo(limit);
    assertThat(cost.origin()).isEqualTo("given");
  }

  @Test
  void aMeasuredLimitIsThatOfSingleTokens() {
    ReadCost estimated = cost(Form.GATED, OptionalDouble.empty());
    ReadCost measured = estimated.withMeasured(0.4);
    assertThat(measured.favoursNeurons(1, false, running(100, 39), 0)).isTrue();
    assertThat(measured.favoursNeurons(1, false, running(100, 41), 0)).isFalse();
    for (int active = 0; active <= 100; active += 5) {
      assertThat(measured.favoursNeurons(2, false, running(100, active), 0))
          .isEqualTo(estimated.favoursNeurons(2, false, running(100, active), 0));
    }
    assertThat(measured.origin()).isEqualTo("measured");
  }

  @Test
  void packedRowsAreReadAtEveryDensity() {
    Dense network = TestLayer.of(Form.GATED, "relu").network();
    Tensor down = TestLayer.tensor("down_t", TensorType.Q8_0, TestLayer.floats(2, 4 * 512), 4, 512);
    try (ThreadTeam team = new ThreadTeam(1);
        PackingProvider packing = new PackingProvider(KernelProviders.get(), team)) {
      ReadCost cost = ReadCost.of(network, packing.rows(down), OptionalDouble.empty());
      assertThat(cost.isOpen()).isFalse();
      assertThat(cost.favoursNeurons(1, false, running(100, 100), 0)).isTrue();
      assertThat(cost.origin()).isEqualTo("rows are packed");
    }
    assertThat(cost(Form.GATED, OptionalDouble.empty()).isOpen()).isTrue();
    assertThat(cost(Form.GATED, OptionalDouble.of(0.5)).isOpen()).isFalse();
  }

  private static RunningDensity running(int selected, int active) {
    SelectionSpace space =
        new SelectionSpace(List.of(SelectionSpace.Needs.NONE), 1, 1, TestLayer.HIDDEN, 100);
    try (ThreadTeam team = new ThreadTeam(1)) {
      team.run(
          worker -> {
            var share = space.active.share(worker);
            share.begin();
            share.count(Stage.GATE, selected);
            share.count(Stage.UP, active);
            share.count(Stage.DOWN, active);
            space.running.add(0, space.active, 100);
          });
    }
    return space.running;
  }
}
