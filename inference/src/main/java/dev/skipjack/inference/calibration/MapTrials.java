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
 */
record MapTrials(KernelProvider kernels, DecoderSpec spec, ThreadTeam team, List<int[]> windows) {
  /** Hears of progress. */
  @FunctionalInterface
  interface Progress {
    /** After {@code done} of {@code total} steps. */
    void step(int done, int total);
  }

  /** Finds the rules of one layer, which the sweep has just computed. */
  @FunctionalInterface
  interface LayerTask {
    void calibrate(LayerSweep sweep, AdjustableMaps maps);
  }

  int layers() {
    return spec.layers().size();
  }

  /** Longest sequence, in tokens. */
  int length() {
    return windows.stream().mapToInt(window -> window.length).max().orElseThrow();
  }

  /** Goes through the layers of the dense model. */
  void sweep(LayerTask task, Progress progress) {
    AdjustableMaps maps = new AdjustableMaps(kernels, LayerWeight.of(spec), 0);
    try (LayerPass pass = new LayerPass(kernels, spec, maps, team, length())) {
      LayerSweep sweep = new LayerSweep(pass, maps, windows);
      for (int layer = 0; layer < layers(); layer++) {
        sweep.advance();
        task.calibrate(sweep, maps);
        maps.reset(layer);
        progress.step(layer + 1, layers());
      }
    }
  }
}
