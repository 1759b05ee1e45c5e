package dev.skipjack.inference.calibration;

import dev.skipjack.models.spec.ActivationSpec;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * How a model is calibrated.
 *
 * @param target what to aim at; empty for the method's usual target
 * @param text to calibrate on; may be empty where the method needs none
 * @param textName what to call it in the output
 * @param context tokens per window; 0 for the smaller of 512 and the model's own context
 * @param maxTokens the most tokens of the text that are used; 0 for all
 * @param threads workers; 0 takes what the machine offers
 * @param settings of the method, by name; the others have their usual values
 * @param down what becomes of the down projections
 * @param downSource a more precise checkpoint of the same model to transpose them from
 * @param activation replaces the feed-forward activation the file names or implies, also in the
 *     output
 */
public record SparsifyOptions(
    CalibrationMethod method,
    OptionalDouble target,
    String text,
    String textName,
    int context,
    int maxTokens,
    long seed,
    int threads,
    Map<String, String> settings,
    Down down,
    Optional<Path> downSource,
    Optional<ActivationSpec> activation) {
  /** What becomes of the down projections, where the method's mode reads them neuron by neuron. */
  public enum Down {
    /** Neuron-major twins are added: prompts read the original, single tokens the twin. */
    ADD,
    /** Neuron-major ones replace the originals: a smaller file with slower prompts. */
    REPLACE,
    /** They stay as they are, to be copied at every load. */
    KEEP
  }

  /** What is usual when only method and text are given. */
  public static SparsifyOptions of(CalibrationMethod method, String text) {
    return new SparsifyOptions(
        method,
        OptionalDouble.empty(),
        text,
        "text",
        0,
        0,
        0,
        0,
        Map.of(),
        Down.ADD,
        Optional.empty(),
        Optional.empty());
  }

  /**
   * @throws IllegalArgumentException if a number is out of range or a setting unknown
   */
  public SparsifyOptions {
    settings = Map.copyOf(settings);
    requireNotNegative("context", context);
    requireNotNegative("tokens", maxTokens);
    requireNotNegative("threads", threads);
    method.target().choose(method.name(), target);
    CalibrationSettings.of(method, settings);
  }

  private static void requireNotNegative(String name, int value) {
    if (value < 0) {
      throw new IllegalArgumentException("%s: found %d, expected 0 or more".formatted(name, value));
    }
  }

  public SparsifyOptions withTarget(double value) {
    return new SparsifyOptions(
        method,
        OptionalDouble.of(value),
        text,
        textName,
        context,
        maxTokens,
        seed,
        threads,
        settings,
        down,
        downSource,
        activation);
  }

  /** The target in force. */
  double chosenTarget() {
    return method.target().choose(method.name(), target);
  }

  /** All settings in force. */
  CalibrationSettings chosenSettings() {
    return CalibrationSettings.of(method, settings);
  }
}
