package dev.skipjack.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.skipjack.inference.FeedForwardStatistics;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DensityReportTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "4 | 0 | 0.25 | 1.0 | exact, 25.0 % of the neurons computed",
        "4 | 0 | 1.0 | 0.5 | exact, 50.0 % of the inputs read",
        "3 | 1 | 0.25 | 1.0 | exact, 25.0 % of the neurons computed (layers on the device not"
            + " counted: 1)",
        "0 | 4 | 1.0 | 1.0 | exact, computed by the device"
      })
  void saysWhatWasCounted(
      int layers, int deviceLayers, double density, double inputDensity, String text) {
    var statistics =
        new FeedForwardStatistics(
            "exact", density, new double[layers], 1, 1, inputDensity, 0, 0, deviceLayers);

    assertThat(DensityReport.text(statistics)).isEqualTo(text);
  }
}
