package dev.skipjack.inference.calibration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.skipjack.inference.input.LayerWeight;
import dev.skipjack.inference.layer.LinearRole;
import dev.skipjack.loader.tensor.Tensor;
import dev.skipjack.loader.tensor.TensorType;
import dev.skipjack.models.spec.LinearSpec;
import java.lang.foreign.Arena;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicInteger;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Who gets how much sparsity. */
class AllocationOfSparsityTest {
  private static final double[] SIZES = {1, 0.5, 0.5, 1, 4, 4};
  private static final Offset<Double> ROUNDING = within(1e-9);

  private static double mean(double[] sparsity) {
    double sum = 0;
    for (int i = 0; i < SIZES.length; i++) {
      sum += SIZES[i] * sparsity[i];
    }
    return sum / Arrays.stream(SIZES).sum();
  }

  @Test
  void greedyStepsLeaveOutEquallyManyWeights() {
    double[] sparsity = new GreedyAllocation(SIZES, 0.05).allocate(new double[6], 0.3, tried -> 1);
    // All errors are equal, so the first map is advanced until it is full, then the next.
    assertThat(sparsity).containsExactly(new double[] {1, 1, 1, 1, 0.075, 0}, ROUNDING);
  }

  @Test
  void greedyAllocationSparesWhatHurts() {
    double[] cost = {1, 2, 3, 4, 0.5, 8};
    double[] sparsity =
        new GreedyAllocation(SIZES, 0.01)
            .allocate(
                new double[6],
                0.4,
                tried -> {
                  double error = 0;
                  for (int i = 0; i < tried.length; i++) {
                    error += SIZES[i] * cost[i] * tried[i] * tried[i];
                  }
                  return error;
                });
    assertThat(mean(sparsity)).isBetween(0.4, 0.401);
    // At the optimum of a quadratic cost the marginal costs are equal: s_i ~ 1 / cost_i, or 1.
    assertThat(sparsity[4]).isCloseTo(2 * sparsity[0], within(0.03));
    assertThat(sparsity[0]).isCloseTo(2 * sparsity[1], within(0.03));
    assertThat(sparsity[3]).isCloseTo(2 * sparsity[5], within(0.03));
  }

  @Test
  void zerosAreASparsityToBeginWith() {
    AtomicInteger asked = new AtomicInteger();
    double[] zeros = {0, 0, 0, 0, 0, 0.95};
    double[] sparsity =
        new GreedyAllocation(SIZES, 0.05).allocate(zeros, 0.3, tried -> asked.incrementAndGet());
    assertThat(sparsity).containsExactly(zeros);
    assertThat(asked).hasValue(0);
  }

  @Test
  void aUniformSparsityCountsZeros() {
    double[] none = UniformAllocation.of(SIZES, new double[6], 0.4);
    assertThat(none).containsExactly(new double[] {0.4, 0.4, 0.4, 0.4, 0.4, 0.4}, ROUNDING);
    double[] some = UniformAllocation.of(SIZES, new double[] {0, 0, 0, 0, 0, 0.9}, 0.5);
    assertThat(mean(some)).isCloseTo(0.5, ROUNDING);
    assertThat(some[5]).isEqualTo(0.9);
    assertThat(some[0]).isEqualTo(some[4]).isBetween(0.25, 0.29);
    double[] enough = {0, 0, 0, 0, 0, 0.9};
    assertThat(UniformAllocation.of(SIZES, enough, 0.2)).containsExactly(enough, ROUNDING);
  }

  private static LayerWeight weight(int outputs, int inputs) {
    Tensor tensor =
        new Tensor(
            "w",
            TensorType.F32,
            new long[] {outputs, inputs},
            Arena.ofAuto().allocate(4L * outputs * inputs));
    return new LayerWeight(0, LinearRole.QUERY, LinearSpec.of(tensor));
  }

  @ParameterizedTest
  @CsvSource({
    // k = floor(i (1 - s) rho), r = floor((i o (1 - s) - k o) / (i + o))
    "256, 256, 0.5, 1, 128, 0, 0.5",
    "256, 256, 0.5, 0.95, 121, 3, 0.525",
    "128, 256, 0.5, 0.5, 64, 21, 0.75",
    "1056, 256, 0.5, 0, 0, 103, 1",
    "64, 64, 0.25, 0, 0, 24, 1"
  })
  void aBudgetIsSplit(
      int outputs, int inputs, double sparsity, double share, int kept, int rank, double quantile) {
    RankSplit split = RankSplit.of(weight(outputs, inputs), sparsity, share);
    assertThat(split.kept()).isEqualTo(kept);
    assertThat(split.rank()).isEqualTo(rank);
    assertThat(split.quantile()).isCloseTo(quantile, ROUNDING);
    assertThat(split.atLeastOne().kept()).isEqualTo(Math.max(1, kept));
    assertThat(split.atLeastOne().rank()).isEqualTo(Math.max(1, rank));
  }

  @Test
  void aSearchFindsLessLossAndIsRepeatable() {
    double[] goal = {0.1, 0.9, 0.5, 1, 0.3};
    double[] start = {0.95, 0.95, 0.95, 0.95, 0.95};
    EvolutionarySearch.Candidate[] found = new EvolutionarySearch.Candidate[2];
    for (int i = 0; i < 2; i++) {
      found[i] = new EvolutionarySearch(7, 12, 30).minimize(start, tried -> distance(tried, goal));
    }
    assertThat(found[0].loss()).isLessThan(0.2 * distance(start, goal));
    assertThat(found[1].values()).containsExactly(found[0].values());
    assertThat(new EvolutionarySearch(7, 12, 0).minimize(start, t -> 1).values())
        .containsExactly(start);
  }

  private static double distance(double[] x, double[] y) {
    double sum = 0;
    for (int i = 0; i < x.length; i++) {
      sum += (x[i] - y[i]) * (x[i] - y[i]);
    }
    return sum;
  }
}
