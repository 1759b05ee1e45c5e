package dev.skipjack.inference.calibration;

import dev.skipjack.inference.calibration.CalibratedMaps.CalibratedMap;
import dev.skipjack.inference.input.ColumnNorms;
import dev.skipjack.inference.input.InputRule;
import dev.skipjack.inference.input.LayerWeight;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * WINA (arXiv 2505.19427) with thresholds in place of its top-k: quantiles of {@code |x_j| ||W[:,
 * j]||_2}, at one sparsity for all maps of a layer. The rotation that makes the columns of weights
 * orthogonal is not part of it: the weights stay as they are.
 */
final class WinaCalibration extends InputCalibration {
  @Override
  public String name() {
    return "wina";
  }

  @Override
  public String description() {
    return "thresholds on inputs times the norms of their weights, one sparsity for all maps";
  }

  @Override
  CalibratedMaps find(CalibrationRun run, MapTrials trials) {
    List<CalibratedMap> calibrated = new ArrayList<>();
    trials.sweep(
        (sweep, maps) -> {
          double[] sparsity = sparsity(sweep, run.target());
          List<LayerWeight> weights = sweep.weights();
          for (int i = 0; i < sparsity.length; i++) {
            LayerWeight weight = weights.get(i);
            float[] norms = ColumnNorms.of(weight, trials.team());
            float threshold = sweep.sample(weight).scores(norms).at(sparsity[i]);
            InputRule rule = InputRule.above(threshold, norms);
            calibrated.add(new CalibratedMap(weight, threshold, rule, Optional.empty()));
          }
        });
    return new CalibratedMaps(name(), calibrated);
  }

  /** The sparsity of the maps of the layer at hand. */
  static double[] sparsity(LayerSweep sweep, double target) {
    List<LayerWeight> weights = sweep.weights();
    double[] sizes = weights.stream().mapToDouble(w -> (double) w.inputs() * w.outputs()).toArray();
    double[] zeros = weights.stream().mapToDouble(w -> sweep.sample(w).zeros()).toArray();
    return UniformAllocation.of(sizes, zeros, target);
  }
}
