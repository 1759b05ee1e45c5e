package dev.skipjack.inference.calibration;

import dev.skipjack.inference.decoder.LayerPass;
import dev.skipjack.inference.input.AdjustableMaps;
import dev.skipjack.inference.input.LayerWeight;
import dev.skipjack.kernels.KernelProvider;
import dev.skipjack.kernels.team.ThreadTeam;
import dev.skipjack.models.spec.DecoderSpec;
import java.util.List;

/**
 * A model and a text on which rules for its linear maps are found.
 *
 * @param team computes
 * @param windows token ids of each sequence, at least one of at least 4 tokens
 * @param listener hears of progress
 * @param check throws when the calibration is to end early
 */
record MapTrials(
    KernelProvider kernels,
    DecoderSpec spec,
    ThreadTeam team,
    List<int[]> windows,
    CalibrationListener listener,
    Runnable check) {
  /** Finds the rules of one layer, which the sweep has just computed. */
  @FunctionalInterface
  interface LayerTask {
    void calibrate(LayerSweep sweep, AdjustableMaps maps);
  }

  static MapTrials of(CalibrationRun run, List<int[]> windows) {
    return new MapTrials(
        run.kernels(), run.spec(), run.team(), windows, run.listener(), run::checkInterrupt);
  }

  int layers() {
    return spec.layers().size();
  }

  /** Longest sequence, in tokens. */
  int length() {
    return windows.stream().mapToInt(window -> window.length).max().orElseThrow();
  }

  /** Goes through the layers of the dense model. */
  void sweep(LayerTask task) {
    listener.phase("layers", layers());
    AdjustableMaps maps = new AdjustableMaps(kernels, LayerWeight.of(spec), 0);
    try (LayerPass pass = new LayerPass(kernels, spec, maps, team, length())) {
      LayerSweep sweep = new LayerSweep(pass, maps, windows, check);
      for (int layer = 0; layer < layers(); layer++) {
        sweep.advance();
        task.calibrate(sweep, maps);
        maps.reset(layer);
        listener.advanced(1, "");
      }
    }
  }
}
