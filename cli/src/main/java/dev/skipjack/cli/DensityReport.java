package dev.skipjack.cli;

import dev.skipjack.inference.FeedForwardStatistics;
import java.util.Locale;

/** How much of a model was computed, for people and for programs. */
final class DensityReport {
  private DensityReport() {}

  /** The JSON form. */
  static void write(Json json, FeedForwardStatistics statistics) {
    json.field("mode", statistics.mode())
        .field("density", statistics.density())
        .field("input_density", statistics.inputDensity());
  }

  /** For example {@code exact, 9.3 % of the neurons computed}. */
  static String text(FeedForwardStatistics statistics) {
    boolean inputs = statistics.inputDensity() != 1;
    return String.format(
        Locale.ROOT,
        "%s, %.1f %% of the %s",
        statistics.mode(),
        100 * (inputs ? statistics.inputDensity() : statistics.density()),
        inputs ? "inputs read" : "neurons computed");
  }
}
