package dev.skipjack.inference.feedforward;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.skipjack.kernels.KernelProvider;
import dev.skipjack.kernels.KernelProviders;
import dev.skipjack.kernels.PackingProvider;
import dev.skipjack.kernels.team.ThreadTeam;
import dev.skipjack.loader.tensor.TensorType;
import dev.skipjack.models.spec.FeedForwardSpec.Dense;
import dev.skipjack.models.spec.FeedForwardSpec.Form;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class BreakEvenTest {
  private static final double[] DENSITIES = {0.25, 0.5, 0.75};

  /** Times of the densities are {@code base + slope * density}. */
  @ParameterizedTest
  @CsvSource({
    "10, 0, 20, 0.5",
    "10, 2, 20, 0.4",
    "10, 0, 5, 1",
    "1, 2, 10, 0",
    "10, 9, 0, 1",
    "10, 11, 0, 0"
  })
  void bothWaysTakeEquallyLongAtTheCrossing(
      double dense, double base, double slope, double expected) {
    double[] times = Arrays.stream(DENSITIES).map(density -> base + slope * density).toArray();
    assertThat(BreakEven.crossing(dense, DENSITIES, times)).isCloseTo(expected, within(1e-12));
  }

  @ParameterizedTest
  @CsvSource({
    "GATED, false",
    "GATED, true",
    "GATED_SYMMETRIC, true",
    "UNGATED, false",
    "UNGATED, true"
  })
  void realProductsAreTimed(Form form, boolean preselects) {
    try (ThreadTeam team = new ThreadTeam(2);
        PackingProvider kernels = new PackingProvider(KernelProviders.get(), team)) {
      LayerTrial trial = trial(kernels, form, preselects);
      double density = BreakEven.measure(team, List.of(trial, trial));
      assertThat(density).isBetween(0.0, 1.0);
      assertThat(density * 20).isCloseTo(Math.round(density * 20), within(1e-9));
    }
  }

  @ParameterizedTest
  @ValueSource(doubles = {0.05, 0.25, 0.5, 0.75, 1})
  void listsOfNeuronsAreAsLongAsTheirDensity(double density) {
    int[] neurons = trial(KernelProviders.get(), Form.GATED, false).spread(density);
    assertThat(neurons.length).isCloseTo((int) (density * TestLayer.LENGTH), within(3));
    assertThat(neurons).isSorted().doesNotHaveDuplicates();
  }

  @Test
  void layersOfOneShapeAreAlike() {
    LayerTrial gated = trial(KernelProviders.get(), Form.GATED, false);
    assertThat(gated.shape())
        .isEqualTo(trial(KernelProviders.get(), Form.GATED, false).shape())
        .isNotEqualTo(trial(KernelProviders.get(), Form.GATED, true).shape())
        .isNotEqualTo(trial(KernelProviders.get(), Form.UNGATED, false).shape());
    assertThat(gated.byteSize()).isEqualTo(2L * 4 * TestLayer.LENGTH * TestLayer.HIDDEN);
  }

  private static LayerTrial trial(KernelProvider kernels, Form form, boolean preselects) {
    Dense network = TestLayer.of(form, "relu").network();
    NeuronMajorCopies copies = new NeuronMajorCopies(List.of(network.down()));
    try (ThreadTeam team = new ThreadTeam(1)) {
      NeuronWeights weights = NeuronWeights.of(kernels, network, copies, preselects, false, team);
      return new LayerTrial(kernels, network, weights, preselects, TensorType.F32);
    }
  }
}
