package dev.skipjack.inference.feedforward;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.skipjack.inference.layer.Transposition;
import dev.skipjack.inference.layer.Workspace;
import dev.skipjack.kernels.KernelProviders;
import dev.skipjack.kernels.team.ThreadTeam;
import dev.skipjack.loader.tensor.TensorType;
import dev.skipjack.models.spec.FeedForwardSpec.Dense;
import dev.skipjack.models.spec.FeedForwardSpec.DownSpec;
import dev.skipjack.models.spec.FeedForwardSpec.Form;
import java.lang.foreign.Arena;
import java.util.Arrays;
import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Dense layers whose files hold the down projection neuron by neuron. */
class TransposedDownTest {
  private static final TestLayer LAYER = TestLayer.of(Form.GATED, "silu");

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 5})
  void theLayoutOfTheFileDoesNotMatter(int tokens) {
    float[] expected = run(LAYER.network(), 1, tokens);
    float[] first = run(transposed(), 1, tokens);
    for (int i = 0; i < expected.length; i++) {
      assertThat(first[i]).isCloseTo(expected[i], within(1e-5f));
    }
    assertThat(run(transposed(), 2, tokens)).containsExactly(first);
    assertThat(run(transposed(), 3, tokens)).containsExactly(first);
  }

  /** The branch {@code [tokens x hidden]} of a second batch: the first leaves sums behind. */
  private static float[] run(Dense network, int workers, int tokens) {
    Workspace space = new Workspace(LAYER.decoder(), tokens, Optional.empty());
    var layer = new DenseFeedForward(KernelProviders.get(), network, 0);
    try (ThreadTeam team = new ThreadTeam(workers)) {
      for (int round = 0; round < 2; round++) {
        space.count = tokens;
        for (int t = 0; t < tokens; t++) {
          float[] normed = LayerRun.normed(round * tokens + t);
          System.arraycopy(normed, 0, space.normed.values(), t * normed.length, normed.length);
        }
        team.run(worker -> layer.forward(worker, space));
      }
    }
    return Arrays.copyOf(space.branch, tokens * TestLayer.HIDDEN);
  }

  private static Dense transposed() {
    Dense network = LAYER.network();
    return new Dense(
        network.length(),
        network.form(),
        network.activation(),
        network.gate(),
        network.up(),
        transposed(network.down()),
        network.activationNorm(),
        network.topK(),
        network.predictor());
  }

  private static DownSpec transposed(DownSpec down) {
    try (ThreadTeam team = new ThreadTeam(1)) {
      var weight = Transposition.copy(down.weight(), TensorType.F32, Arena.ofAuto(), team);
      return new DownSpec(weight, true, down.bias(), down.scale());
    }
  }
}
