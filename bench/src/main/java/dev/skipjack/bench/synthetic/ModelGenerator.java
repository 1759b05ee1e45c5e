package dev.skipjack.bench.synthetic;

import java.io.IOException;
import java.nio.file.Path;

/** Writes synthetic models. Stateless and thread-safe. */
public final class ModelGenerator {
  private ModelGenerator() {}

  /**
   * Writes a model and, when it has a density, runs it until every layer has that.
   *
   * @param threads for running it
   * @return the measured density of every layer; empty when none was asked for
   * @throws IOException if the file cannot be written
   * @throws IllegalArgumentException if the shape does not fit the tensor type
   * @throws IllegalStateException if the density cannot be reached; the file is there all the same
   */
  public static double[] generate(SyntheticModel model, Path target, int threads)
      throws IOException {
    new ModelWriter(model).write(target);
    return model.density().isPresent()
        ? new DensityCalibration(model, target, threads).run()
        : new double[0];
  }
}
