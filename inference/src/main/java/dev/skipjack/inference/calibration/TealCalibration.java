package dev.skipjack.inference.calibration;

import dev.skipjack.inference.calibration.CalibratedMaps.CalibratedMap;
import dev.skipjack.inference.input.AdjustableMaps;
import dev.skipjack.inference.input.InputRule;
import dev.skipjack.inference.input.LayerWeight;
import dev.skipjack.inference.layer.LinearRole.Input;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * TEAL (arXiv 2408.14690): thresholds are quantiles of what a map reads, and the sparsity of a
 * layer is shared out among its maps greedily, by what it does to the layer's output. A map starts
 * from the exact zeros among its inputs, which cost nothing. Layers are calibrated on their own,
 * all to the same target.
 */
final class TealCalibration extends InputCalibration {
  private static final String STEP = "step";

  @Override
  public String name() {
    return "teal";
  }

  @Override
  public String description() {
    return "thresholds on the inputs of all linear maps, shared out greedily within a layer";
  }

  @Override
  public List<CalibrationSetting> settings() {
    return List.of(
        CalibrationSetting.number(
            STEP, 0, 1, 0.05, "sparsity added at a time to a map of the size of the query's"));
  }

  @Override
  CalibratedMaps find(CalibrationRun run, MapTrials trials) {
    double step = run.settings().number(STEP);
    List<CalibratedMap> calibrated = new ArrayList<>();
    trials.sweep((sweep, maps) -> calibrated.addAll(layer(sweep, maps, run.target(), step)));
    return new CalibratedMaps(name(), calibrated);
  }

  private static List<CalibratedMap> layer(
      LayerSweep sweep, AdjustableMaps maps, double target, double step) {
    List<LayerWeight> weights = sweep.weights();
    Map<Input, MagnitudeThresholds> byInput = new EnumMap<>(Input.class);
    for (LayerWeight weight : weights) {
      byInput.computeIfAbsent(
          weight.role().input(), input -> new MagnitudeThresholds(sweep.sample(weight)));
    }
    double query = sizeOf(weights.getFirst());
    double[] sizes = weights.stream().mapToDouble(weight -> sizeOf(weight) / query).toArray();
    double[] zeros = weights.stream().mapToDouble(weight -> sweep.sample(weight).zeros()).toArray();
    double[] sparsity =
        new GreedyAllocation(sizes, step)
            .allocate(
                zeros,
                target,
                tried -> {
                  for (int i = 0; i < tried.length; i++) {
                    maps.set(
                        weights.get(i),
                        InputRule.above(threshold(byInput, weights.get(i), tried[i])));
                  }
                  return sweep.error();
                });
    List<CalibratedMap> calibrated = new ArrayList<>();
    for (int i = 0; i < sparsity.length; i++) {
      LayerWeight weight = weights.get(i);
      calibrated.add(CalibratedMap.above(weight, threshold(byInput, weight, sparsity[i])));
    }
    return calibrated;
  }

  private static float threshold(
      Map<Input, MagnitudeThresholds> byInput, LayerWeight weight, double sparsity) {
    return byInput.get(weight.role().input()).at(sparsity);
  }

  private static double sizeOf(LayerWeight weight) {
    return (double) weight.inputs() * weight.outputs();
  }
}
