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
final class TealCalibration {
  /** The paper's alpha. */
  static final double STEP = 0.05;

  private final double target;
  private final double step;

  /**
   * @param target mean sparsity of a layer, its maps weighted by their sizes
   * @param step of the greedy allocation, for a map of the size of the query's
   */
  TealCalibration(double target, double step) {
    this.target = target;
    this.step = step;
  }

  CalibratedMaps calibrate(MapTrials trials, MapTrials.Progress progress) {
    List<CalibratedMap> calibrated = new ArrayList<>();
    trials.sweep((sweep, maps) -> calibrated.addAll(layer(sweep, maps)), progress);
    return new CalibratedMaps("teal", calibrated);
  }

  private List<CalibratedMap> layer(LayerSweep sweep, AdjustableMaps maps) {
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
      calibrated.add(new CalibratedMap(weight, threshold(byInput, weight, sparsity[i]), List.of()));
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
