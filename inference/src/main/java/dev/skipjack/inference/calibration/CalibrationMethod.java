package dev.skipjack.inference.calibration;

import dev.skipjack.models.spec.DecoderSpec;
import java.util.List;
import java.util.Optional;

/**
 * A way to calibrate a model, by the name people give it; usually that of the sparsity mode it
 * serves. Stateless.
 */
public interface CalibrationMethod {
  String name();

  /** What it finds, in one line for people. */
  String description();

  /** What is aimed at. */
  CalibrationTarget target();

  /** Settings beyond the target. */
  default List<CalibrationSetting> settings() {
    return List.of();
  }

  /** Whether it runs the model over a text. */
  default boolean needsText() {
    return true;
  }

  /** Whether its mode reads the down projection neuron by neuron. */
  default boolean readsNeurons() {
    return true;
  }

  /** Why it cannot serve a model, and what could; empty when it can. */
  Optional<String> refusal(DecoderSpec spec);

  /**
   * Calibrates a model that is not refused. Equal runs give equal results, whatever the number of
   * threads.
   *
   * @throws java.util.concurrent.CancellationException if the thread is interrupted
   */
  CalibrationResult calibrate(CalibrationRun run);
}
