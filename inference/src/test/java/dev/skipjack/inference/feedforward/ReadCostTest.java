package dev.skipjack.inference.feedforward;

import static org.assertj.core.api.Assertions.assertThat;

import dev.skipjack.inference.layer.RunningDensity;
import dev.skipjack.inference.layer.SelectionSpace;
import dev.skipjack.inference.layer.Stage;
import dev.skipjack.kernels.KernelProviders;
import dev.skipjack.kernels.Rows;
import dev.skipjack.kernels.team.ThreadTeam;
import dev.skipjack.models.spec.FeedForwardSpec.Dense;
import dev.skipjack.models.spec.FeedForwardSpec.Form;
import java.util.List;
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
    Dense network = TestLayer.of(form, "relu").network();
    Rows down =
        KernelProviders.get()
            .rows(TestLayer.random("down_t", 1, TestLayer.LENGTH, TestLayer.HIDDEN));
    assertThat(
            new ReadCost(network, down)
                .favoursNeurons(tokens, preselects, running(selected, active), 0))
        .isEqualTo(expected);
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
