package dev.skipjack.kernels.tornado.decoder;

import dev.skipjack.inference.calibration.CalibrationListener;
import dev.skipjack.inference.calibration.CalibrationMethods;
import dev.skipjack.inference.calibration.SourceModel;
import dev.skipjack.inference.calibration.Sparsifier;
import dev.skipjack.inference.calibration.SparsifyOptions;
import java.io.IOException;
import java.nio.file.Path;

/** Copies of models with down projections that can be read neuron by neuron. */
public final class NeuronMajor {
  private NeuronMajor() {}

  public static Path copy(Path model, Path folder) throws IOException {
    Path copy = folder.resolve("neuron-major.gguf");
    try (SourceModel source = SourceModel.open(model, copy, 1)) {
      Sparsifier.sparsify(
          source.file(),
          copy,
          SparsifyOptions.of(CalibrationMethods.require("transpose"), ""),
          CalibrationListener.SILENT);
    }
    return copy;
  }
}
