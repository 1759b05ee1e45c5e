package dev.skipjack.inference.input;

import dev.skipjack.kernels.team.ThreadTeam;
import dev.skipjack.loader.container.ModelFile;
import dev.skipjack.loader.container.ModelFormatException;
import dev.skipjack.models.spec.SparseKeys;
import java.util.List;

/**
 * What an {@link InputMethod} is told about a linear map.
 *
 * @param layers of the model
 * @param parameters as given with the method's name
 * @param rules those bound so far
 */
record InputContext(
    ModelFile file,
    LayerWeight weight,
    int layers,
    List<Float> parameters,
    SharedRules rules,
    ThreadTeam team) {

  float[] norms() {
    return ColumnNorms.of(weight, team);
  }

  /** A number given with the name: one for all layers or one for each. */
  float parameter() {
    if (parameters.size() > 1 && parameters.size() != layers) {
      throw new IllegalArgumentException(
          "found %d numbers, expected one or one for each of %d layers"
              .formatted(parameters.size(), layers));
    }
    return parameters.get(parameters.size() == 1 ? 0 : weight.layer());
  }

  /**
   * The threshold that the file has for this map.
   *
   * @param remedy what to do where it has none, for the message
   * @throws IllegalArgumentException if the file is not calibrated for the method
   * @throws ModelFormatException if it is, but badly
   */
  float calibrated(String method, String remedy) {
    String kind = file.metadata().string(SparseKeys.KIND).orElse("nothing");
    if (!kind.equals(method)) {
      throw new IllegalArgumentException(
          "the file is calibrated for %s, not for %s; %s".formatted(kind, method, remedy));
    }
    String key = InputKeys.threshold(weight.role());
    double[] thresholds = file.metadata().numbers(key).orElse(new double[0]);
    if (thresholds.length != layers) {
      throw new ModelFormatException(
          file.source(),
          "key " + key,
          thresholds.length + " numbers",
          "one for each of %d layers".formatted(layers));
    }
    float threshold = (float) thresholds[weight.layer()];
    if (!(threshold >= 0)) {
      throw new ModelFormatException(
          file.source(), "key " + key, "" + threshold, "numbers of 0 or more");
    }
    return threshold;
  }
}
