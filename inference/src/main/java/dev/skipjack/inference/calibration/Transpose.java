package dev.skipjack.inference.calibration;

import dev.skipjack.models.spec.DecoderSpec;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Adds the neuron-major down projections that every neuron-sparse mode reads, and nothing else. */
final class Transpose implements CalibrationMethod {
  @Override
  public String name() {
    return "transpose";
  }

  @Override
  public String description() {
    return "only adds neuron-major down projections, for any neuron-sparse mode";
  }

  @Override
  public CalibrationTarget target() {
    return CalibrationTarget.NONE;
  }

  @Override
  public boolean needsText() {
    return false;
  }

  @Override
  public Optional<String> refusal(DecoderSpec spec) {
    return Networks.refuseMixtures(spec);
  }

  @Override
  public CalibrationResult calibrate(CalibrationRun run) {
    return new CalibrationResult(Map.of(), List.of(), LayerTable.EMPTY);
  }
}
