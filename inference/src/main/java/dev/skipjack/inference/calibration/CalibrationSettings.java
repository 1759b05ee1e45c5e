package dev.skipjack.inference.calibration;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** The values of all settings of a method. Immutable. */
public final class CalibrationSettings {
  private final Map<String, String> values;

  private CalibrationSettings(Map<String, String> values) {
    this.values = values;
  }

  /**
   * Completes and checks what was given.
   *
   * @throws IllegalArgumentException if a name is unknown or a value is not what its setting takes
   */
  static CalibrationSettings of(CalibrationMethod method, Map<String, String> given) {
    List<CalibrationSetting> known = method.settings();
    for (String name : given.keySet()) {
      if (known.stream().noneMatch(setting -> setting.name().equals(name))) {
        throw new IllegalArgumentException(
            "setting %s: unknown to %s, which %s"
                .formatted(
                    name, method.name(), known.isEmpty() ? "has none" : "has " + names(known)));
      }
    }
    Map<String, String> values = new LinkedHashMap<>();
    for (CalibrationSetting setting : known) {
      values.put(
          setting.name(), setting.check(given.getOrDefault(setting.name(), setting.usual())));
    }
    return new CalibrationSettings(values);
  }

  private static String names(List<CalibrationSetting> settings) {
    return settings.stream().map(CalibrationSetting::name).collect(Collectors.joining(", "));
  }

  public int count(String name) {
    return Integer.parseInt(choice(name));
  }

  public double number(String name) {
    return Double.parseDouble(choice(name));
  }

  public String choice(String name) {
    String value = values.get(name);
    if (value == null) {
      throw new IllegalArgumentException("setting %s was not declared".formatted(name));
    }
    return value;
  }

  /** For example {@code epochs=8 input=normed}; the same for equal settings. */
  @Override
  public String toString() {
    return values.entrySet().stream()
        .map(entry -> entry.getKey() + "=" + entry.getValue())
        .collect(Collectors.joining(" "));
  }
}
