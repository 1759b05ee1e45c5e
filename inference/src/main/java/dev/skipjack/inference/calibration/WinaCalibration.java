package dev.skipjack.inference.calibration;

import dev.skipjack.inference.calibration.CalibratedMaps.CalibratedMap;
import dev.skipjack.inference.input.ColumnNorms;
import dev.skipjack.inference.input.LayerWeight;
import java.util.ArrayList;
import java.util.List;

/**
 * WINA (arXiv 2505.19427) with thresholds in place of its top-k: quantiles of {@code |x_j| ||W[:,
 * j]||_2}, at one sparsity for all maps of a layer. The rotation that makes the columns of weights
 * orthogonal is not part of it: the weights stay as they are.
 */
final class WinaCalibration {
  private final double target;

  /**
   * @param target mean sparsity of a layer, its maps weighted by their sizes
   */
  WinaCalibration(double target) {
    this.target = target;
  }

  CalibratedMaps calibrate(MapTrials trials, MapTrials.Progress progress) {
    List<CalibratedMap> calibrated = new ArrayList<>();
    trials.sweep(
        (sweep, maps) -> {
          double[] sparsity = sparsity(sweep, target);
          List<LayerWeight> weights = sweep.weights();
          for (int i = 0; i < sparsity.length; i++) {
            LayerWeight weight = weights.get(i);
            Quantiles scores = sweep.sample(weight).scores(ColumnNorms.of(weight, trials.team()));
            calibrated.add(new CalibratedMap(weight, scores.at(sparsity[i]), List.of()));
          }
        },
        progress);
    return new CalibratedMaps("wina", calibrated);
  }

  /** The sparsity of the maps of the layer at hand. */
  static double[] sparsity(LayerSweep sweep, double target) {
    List<LayerWeight> weights = sweep.weights();
    double[] sizes = weights.stream().mapToDouble(w -> (double) w.inputs() * w.outputs()).toArray();
    double[] zeros = weights.stream().mapToDouble(w -> sweep.sample(w).zeros()).toArray();
    return UniformAllocation.of(sizes, zeros, target);
  }
}
