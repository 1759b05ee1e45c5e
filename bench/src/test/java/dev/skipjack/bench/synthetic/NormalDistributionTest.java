package dev.skipjack.bench.synthetic;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Against published tables of the normal distribution. */
class NormalDistributionTest {
  @ParameterizedTest
  @CsvSource({
    "0, 0.5",
    "1.2815515655446004, 0.9",
    "1.959963984540054, 0.975",
    "-2.3263478740408408, 0.01",
    "3.090232306167813, 0.999"
  })
  void cumulativeAndQuantileAreInverse(double x, double probability) {
    assertThat(NormalDistribution.cumulative(x)).isCloseTo(probability, within(1e-12));
    assertThat(NormalDistribution.quantile(probability)).isCloseTo(x, within(1e-9));
  }
}
