package dev.skipjack.inference.calibration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.skipjack.kernels.Activations;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class QuantilesTest {
  private static InputSample sample(int width, int tokens, boolean skewed) {
    Random random = new Random(3);
    Activations x = new Activations(tokens, width);
    for (int i = 0; i < x.values().length; i++) {
      double value = random.nextGaussian();
      x.values()[i] = (float) (skewed ? value * value + 0.5 : value);
    }
    InputSample sample = new InputSample(width, tokens);
    sample.add(x, tokens);
    return sample;
  }

  @Test
  void quantilesInterpolate() {
    Quantiles quantiles = Quantiles.of(new float[] {4, 1, 3, 2, 5});
    assertThat(quantiles.at(0)).isEqualTo(1);
    assertThat(quantiles.at(0.5)).isEqualTo(3);
    assertThat(quantiles.at(0.625)).isEqualTo(3.5f);
    assertThat(quantiles.at(1)).isEqualTo(5);
    assertThat(quantiles.upTo(0.9f)).isZero();
    assertThat(quantiles.upTo(3)).isEqualTo(0.6);
    assertThat(quantiles.upTo(9)).isEqualTo(1);
  }

  @Test
  void aReducedDistributionHasTheSameQuantiles() {
    Quantiles all = sample(64, 500, true).magnitudes();
    Quantiles reduced = all.reduceTo(1001);
    for (double fraction = 0; fraction < 0.99; fraction += 0.0137) {
      assertThat(reduced.at(fraction)).isCloseTo(all.at(fraction), within(0.02f));
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void thresholdsLeaveOutWhatTheyShould(boolean skewed) {
    InputSample sample = sample(48, 2000, skewed);
    MagnitudeThresholds thresholds = new MagnitudeThresholds(sample);
    Quantiles magnitudes = sample.magnitudes();
    for (double sparsity : new double[] {0.1, 0.25, 0.5, 0.9}) {
      assertThat(magnitudes.upTo(thresholds.at(sparsity))).isCloseTo(sparsity, within(0.01));
    }
  }

  @Test
  void symmetricInputsTakeTheSignedQuantile() {
    InputSample sample = sample(48, 2000, false);
    assertThat(new MagnitudeThresholds(sample).at(0.5)).isEqualTo(sample.signed().at(0.75));
  }

  @Test
  void aLongTextIsSampledEvenlyWithoutLosingChannels() {
    int width = 1 << 14;
    int tokens = 600;
    Activations x = new Activations(1, width);
    InputSample sample = new InputSample(width, tokens);
    for (int t = 0; t < tokens; t++) {
      for (int j = 0; j < width; j++) {
        x.values()[j] = j % 4 == 0 ? 0 : j;
      }
      sample.add(x, 1);
    }
    assertThat(sample.zeros()).isEqualTo(0.25);
    assertThat(sample.signed().at(1)).isEqualTo(width - 1);
  }
}
