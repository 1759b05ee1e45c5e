package dev.skipjack.cli;

import dev.skipjack.inference.FeedForwardStatistics;
import java.util.Locale;

/** How much of a model was computed, for people and for programs. */
final class DensityReport {
  private DensityReport() {}

  /** The JSON form. */
  static void write(Json json, FeedForwardStatistics statistics) {
    json.field("mode", statistics.mode());
    if (statistics.layerDensity().length > 0) {
      json.field("density", statistics.density()).field("input_density", statistics.inputDensity());
    }
    if (statistics.deviceLayers() > 0) {
      json.field("device_layers", statistics.deviceLayers());
    }
  }

  /** For example {@code exact, 9.3 % of the neurons computed}; a device does not count them. */
  static String text(FeedForwardStatistics statistics) {
    int device = statistics.deviceLayers();
    if (statistics.layerDensity().length == 0) {
      return "%s, computed by the device".formatted(statistics.mode());
    }
    String computed = computed(statistics);
    return device == 0
        ? computed
        : "%s (layers on the device not counted: %d)".formatted(computed, device);
  }

  private static String computed(FeedForwardStatistics statistics) {
    boolean inputs = statistics.inputDensity() != 1;
    return String.format(
        Locale.ROOT,
        "%s, %.1f %% of the %s",
        statistics.mode(),
        100 * (inputs ? statistics.inputDensity() : statistics.density()),
        inputs ? "inputs read" : "neurons computed");
  }
}
