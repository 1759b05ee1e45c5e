package dev.skipjack.bench.synthetic;

import java.util.Arrays;
import java.util.SplittableRandom;

/**
 * How a model without biases gets the neuron density that was asked for, and a predictor that is
 * nearly always right.
 *
 * <p><b>The shift.</b> Residual channel 0 holds a constant K: every embedding has it, and no layer
 * writes it (row 0 of attention output and down is zero). Every gate row has the same weight {@code
 * g0} there. Let w be the feed-forward norm's weight of channel 0, the other weights 1, and the
 * gate's other weights random with deviation s. The norm divides by {@code rms}, so a gate
 * pre-activation is
 *
 * <pre>{@code
 * (g0 w K + s sqrt(E) z) / rms,   z standard normal over neurons,   E = sum of the other channels squared
 * }</pre>
 *
 * <p>which is positive for a fraction {@code density} of the neurons iff {@code g0 w K = -k s
 * sqrt(E)} with k the normal quantile of {@code 1 - density}: the norm cancels. Only w, an F32
 * number per layer, has to be right; E is estimated here and then corrected by measuring. With no
 * gate the same holds for up.
 *
 * <p><b>The predictor.</b> Channels 1 to rank - 1 are signals: non-negative in every embedding, and
 * never written either. The norm weights of all channels behind them are {@value #LEAK}, so that a
 * pre-activation is the signals' product plus a little noise. The predictor repeats the gate on
 * signals and constant: row j of fc1 picks channel j (its ReLU changes nothing, as no signal is
 * negative) and scales channel 0 by w; fc2 has the very bytes of the gate's first columns. Its sign
 * is the gate's but for the noise.
 *
 * <p>What is synthetic about that: the active set depends on the current token alone, not on its
 * context; neurons differ in how often they are active because signals have a mean, which makes
 * some hot and some cold, but not by the power law of trained models; and no trained predictor is
 * this good. A benchmark learns from it what skipping costs and gains, nothing about quality.
 *
 * @param shaped whether there is a density to reach; otherwise nothing here applies
 * @param rank constant and signals; 0 without a predictor
 * @param deviations k above
 */
record DensityDesign(boolean shaped, int hidden, int rank, double deviations) {
  /** K, in deviations of the other channels. */
  static final double CONSTANT = 4;

  /** Norm weight of channels that a predictor does not see. */
  static final float LEAK = 0.005f;

  /** Size of g0 in units of s. */
  private static final double GATE_CONSTANT = 6;

  /** What a layer adds to the variance of the residual, roughly. */
  private static final double GROWTH = 0.3;

  static DensityDesign of(SyntheticModel model) {
    return new DensityDesign(
        model.density().isPresent(),
        model.shape().hidden(),
        model.predictorRank(),
        NormalDistribution.quantile(1 - model.density().orElse(0.5)));
  }

  /** Channels that no layer writes. */
  int protectedChannels() {
    return shaped ? Math.max(1, rank) : 0;
  }

  /** A random embedding value of a channel; the deviation is 1. */
  float embedding(SplittableRandom random, int channel) {
    double value = random.nextGaussian();
    if (shaped && channel == 0) {
      return (float) CONSTANT;
    }
    return (float) (channel < rank ? Math.abs(value) : value);
  }

  /** A random weight of the matrix whose sign decides, of deviation s. */
  float deciding(SplittableRandom random, int channel, double s) {
    return (float)
        (shaped && channel == 0
            ? -Math.copySign(GATE_CONSTANT, deviations) * s
            : s * random.nextGaussian());
  }

  /** A random weight of the up matrix beside a gate: it does not see the constant. */
  float passive(SplittableRandom random, int channel, double s) {
    return (float) (shaped && channel == 0 ? 0 : s * random.nextGaussian());
  }

  /** The attention's and the output's norm weights {@code [hidden]}: without the constant. */
  float[] plainNorm() {
    float[] weights = ones();
    if (shaped) {
      weights[0] = 0;
    }
    return weights;
  }

  /**
   * The feed-forward norm's weights {@code [hidden]}.
   *
   * @param shift w above
   */
  float[] feedForwardNorm(float shift) {
    float[] weights = ones();
    if (shaped) {
      weights[0] = shift;
    }
    for (int channel = rank; rank > 0 && channel < hidden; channel++) {
      weights[channel] = LEAK;
    }
    return weights;
  }

  /** The first guess of w for a layer. */
  float shift(int layer) {
    return (float) (Math.abs(deviations) * shiftPerDeviation(layer));
  }

  /** How w changes with |k|. */
  double shiftPerDeviation(int layer) {
    double variance = 1 + GROWTH * layer;
    double others =
        rank == 0 ? (hidden - 1) * variance : rank - 1 + LEAK * LEAK * (hidden - rank) * variance;
    return Math.sqrt(others) / (GATE_CONSTANT * CONSTANT);
  }

  private float[] ones() {
    float[] weights = new float[hidden];
    Arrays.fill(weights, 1);
    return weights;
  }
}
