package dev.skipjack.inference.measure.sparsity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.junit.jupiter.api.Test;

/** Measures small enough to be counted by hand. */
class CountedMeasuresTest {
  private static void token(AggregatedSparsity sparsity, int... neurons) {
    for (int neuron : neurons) {
      sparsity.fire(neuron);
    }
    sparsity.endToken();
  }

  @Test
  void silenceIsCountedInWindowsSideBySide() {
    AggregatedSparsity sparsity = new AggregatedSparsity(4, 5);
    sparsity.begin();
    token(sparsity, 0);
    token(sparsity, 0, 1);
    token(sparsity);
    token(sparsity, 2);
    // A fifth token opens windows of two and four that are never closed.
    token(sparsity, 0, 1, 2, 3);

    double single = (3 + 2 + 4 + 3 + 0) / 4.0 / 5;
    double pairs = (2 + 3) / 4.0 / 2;
    double four = 1 / 4.0;
    assertThat(sparsity.neverActive())
        .containsExactly(new double[] {single, pairs, four}, within(1e-12));
  }

  @Test
  void aNewSequenceForgetsOpenWindows() {
    AggregatedSparsity sparsity = new AggregatedSparsity(70, 2);
    sparsity.begin();
    token(sparsity, 69);
    sparsity.begin();
    token(sparsity, 1);
    token(sparsity, 1, 65);

    assertThat(sparsity.neverActive())
        .containsExactly(new double[] {(69 + 69 + 68) / 70.0 / 3, 68 / 70.0}, within(1e-12));
  }

  @Test
  void hotNeuronsCoverMostOfTheWork() {
    HotNeurons hot = HotNeurons.of(List.of(new long[] {1, 6, 0}, new long[] {2, 1}));

    assertThat(hot.neurons()).isEqualTo(5);
    assertThat(hot.activations()).isEqualTo(10);
    assertThat(hot.share(0)).isZero();
    assertThat(hot.share(0.2)).isEqualTo(0.6);
    assertThat(hot.share(0.4)).isEqualTo(0.8);
    assertThat(hot.share(0.3)).isCloseTo(0.7, within(1e-12));
    assertThat(hot.share(1)).isEqualTo(1);
    assertThat(hot.neededFor(0.6)).isEqualTo(0.2);
    assertThat(hot.neededFor(0.61)).isEqualTo(0.4);
    assertThat(hot.neededFor(1)).isEqualTo(0.8);
  }

  @Test
  void neuronsThatNeverFireCoverNothing() {
    HotNeurons hot = HotNeurons.of(new long[3]);
    assertThat(hot.share(0.5)).isZero();
    assertThat(hot.neededFor(0.8)).isZero();
  }
}
