package dev.skipjack.inference.calibration;

/**
 * TEAL's thresholds on {@code |x_j|} of one input. The method takes the quantile {@code 0.5 + s /
 * 2} of the signed values, which assumes that they are spread symmetrically around zero; where that
 * misses the sparsity by more than a hundredth, as with inputs that are skewed or never negative,
 * the quantile {@code s} of the magnitudes is taken instead. Immutable.
 */
final class MagnitudeThresholds {
  private static final double TOLERANCE = 0.01;

  private final Quantiles signed;
  private final Quantiles magnitudes;

  MagnitudeThresholds(InputSample sample) {
    this.signed = sample.signed();
    this.magnitudes = sample.magnitudes();
  }

  /** The threshold that leaves out a fraction of the inputs. */
  float at(double sparsity) {
    float symmetric = Math.max(0, signed.at(0.5 + sparsity / 2));
    return Math.abs(magnitudes.upTo(symmetric) - sparsity) <= TOLERANCE
        ? symmetric
        : magnitudes.at(sparsity);
  }
}
