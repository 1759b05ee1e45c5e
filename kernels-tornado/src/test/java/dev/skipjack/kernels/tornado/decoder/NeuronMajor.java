package dev.skipjack.kernels.tornado.decoder;

import dev.skipjack.inference.calibration.CalibrationListener;
import dev.skipjack.inference.calibration.CalibrationMethods;
import dev.skipjack.inference.calibration.SourceModel;
import dev.skipjack.inference.calibration.Sparsifier;
import dev.skipjack.inference.calibration.SparsifyOptions;
import dev.skipjack.inference.calibration.SparsifyOptions.Down;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;

/** Copies of models with down projections that can be read neuron by neuron. */
public final class NeuronMajor {
  private NeuronMajor() {}

  /** With the down projections of the model beside the others. */
  public static Path copy(Path model, Path folder) throws IOException {
    return copy(model, folder, Down.ADD);
  }

  static Path copy(Path model, Path folder, Down down) throws IOException {
    Path copy = folder.resolve("neuron-major.gguf");
    var options =
        new SparsifyOptions(
            CalibrationMethods.require("transpose"),
            OptionalDouble.empty(),
            "",
            "none",
            0,
            0,
            0,
            1,
            Map.of(),
            down,
            Optional.empty(),
            Optional.empty());
    try (SourceModel source = SourceModel.open(model, copy, 1)) {
      Sparsifier.sparsify(source.file(), copy, options, CalibrationListener.SILENT);
    }
    return copy;
  }
}
