package dev.skipjack.inference.calibration;

import java.util.List;
import java.util.stream.Collectors;

/** The registered calibration methods. */
public final class CalibrationMethods {
  private static final List<CalibrationMethod> ALL =
      List.of(
          new CatsMethod(),
          new PredictorMethod(),
          new SignMethod(),
          new GriffinMethod(),
          new Transpose(),
          new HotNeuronMethod(),
          new TealCalibration(),
          new WinaCalibration(),
          new RSparseCalibration());

  private CalibrationMethods() {}

  /** All methods, in the order they are shown. */
  public static List<CalibrationMethod> all() {
    return ALL;
  }

  /**
   * The method with a name.
   *
   * @throws IllegalArgumentException if there is none
   */
  public static CalibrationMethod require(String name) {
    return ALL.stream()
        .filter(method -> method.name().equals(name))
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "method: found %s, expected one of %s"
                        .formatted(
                            name,
                            ALL.stream()
                                .map(CalibrationMethod::name)
                                .collect(Collectors.joining(", ")))));
  }
}
