package dev.skipjack.inference.calibration;

import static org.assertj.core.api.Assertions.assertThat;

import dev.skipjack.inference.calibration.PredictorJudge.Verdict;
import dev.skipjack.kernels.KernelProvider;
import dev.skipjack.kernels.KernelProviders;
import dev.skipjack.kernels.team.ThreadTeam;
import dev.skipjack.loader.tensor.TensorType;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Neurons that fire by a rule of low rank, learned from a random start. */
class PredictorTrainerTest {
  private static final int HIDDEN = 24;
  private static final int NEURONS = 40;
  private static final int RULE_RANK = 4;
  private static final int RANK = 32;

  private static float[] gaussian(RandomGenerator random, int count, double scale) {
    float[] values = new float[count];
    for (int i = 0; i < count; i++) {
      values[i] = (float) (scale * random.nextGaussian());
    }
    return values;
  }

  /** Neuron {@code i} fires iff {@code (A B x)[i] > 0}. */
  private static NeuronSamples samples(int count, RandomGenerator random) {
    RandomGenerator rule = new SplittableRandom(5);
    float[] a = gaussian(rule, NEURONS * RULE_RANK, 0.5);
    float[] b = gaussian(rule, RULE_RANK * HIDDEN, 1 / Math.sqrt(HIDDEN));
    NeuronSamples samples = new NeuronSamples(HIDDEN, NEURONS, count);
    for (int sample = 0; sample < count; sample++) {
      float[] x = gaussian(random, HIDDEN, 1);
      float[] activations = new float[NEURONS];
      for (int i = 0; i < NEURONS; i++) {
        double sum = 0;
        for (int r = 0; r < RULE_RANK; r++) {
          for (int c = 0; c < HIDDEN; c++) {
            sum += a[i * RULE_RANK + r] * b[r * HIDDEN + c] * x[c];
          }
        }
        activations[i] = (float) Math.max(0, sum);
      }
      samples.add(x, 0, activations, 0);
    }
    return samples;
  }

  @ParameterizedTest
  @CsvSource({"false, 0.97", "true, 0.9"})
  void trainingFindsTheRule(boolean relu, double precision) {
    SplittableRandom random = new SplittableRandom(1);
    NeuronSamples fitted = samples(3000, random);
    NeuronSamples heldOut = samples(500, random);
    PredictorWeights weights =
        new PredictorWeights(
            RANK,
            HIDDEN,
            NEURONS,
            gaussian(random, RANK * HIDDEN, 0.2),
            gaussian(random, NEURONS * RANK, 0.2),
            relu);
    KernelProvider kernels = KernelProviders.get();
    try (ThreadTeam team = new ThreadTeam(2);
        PredictorTrainer trainer = new PredictorTrainer(kernels, team, weights, fitted, 30, 0.01)) {
      PredictorJudge judge = new PredictorJudge(kernels, team, heldOut, TensorType.F32);
      Verdict before = judge.judge(weights, 0.95);
      for (int epoch = 0; epoch < 30; epoch++) {
        trainer.epoch(random);
      }
      Verdict after = judge.judge(weights, 0.95);
      assertThat(before.precision()).isLessThan(0.6);
      assertThat(after.precision()).isGreaterThan(precision);
      assertThat(after.recall()).isGreaterThanOrEqualTo(0.95);
    }
  }
}
