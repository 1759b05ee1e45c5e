package dev.skipjack.inference;

import dev.skipjack.inference.calibration.SingularVectors;
import dev.skipjack.inference.input.Factors;
import dev.skipjack.inference.input.InputKeys;
import dev.skipjack.inference.input.LayerWeight;
import dev.skipjack.inference.layer.LinearRole;
import dev.skipjack.loader.gguf.GgufFile;
import dev.skipjack.loader.gguf.GgufType;
import dev.skipjack.loader.gguf.GgufValue;
import dev.skipjack.loader.gguf.GgufWriter;
import dev.skipjack.loader.tensor.TensorType;
import dev.skipjack.models.architecture.Architectures;
import dev.skipjack.models.spec.SparseKeys;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.nio.file.Path;
import java.util.List;
import java.util.function.ToDoubleFunction;
import java.util.function.ToIntFunction;
import tools.jackson.databind.JsonNode;

/** Copies of the fixture {@code gguf/llama} with thresholds and factors of our choice. */
final class CalibratedLlama {
  static final int NO_FACTORS = 0;

  private CalibratedLlama() {}

  /** With the thresholds and ranks of the golden {@code sparse/METHOD}. */
  static Path golden(Path directory, String method) {
    JsonNode golden = Fixture.json("sparse/" + method + ".json");
    if (method.equals("r-sparse")) {
      JsonNode layers = golden.get("per_layer");
      return write(
          directory,
          method,
          weight -> entry(layers, weight).get("threshold").asDouble(),
          weight -> entry(layers, weight).get("rank").asInt());
    }
    JsonNode layers = golden.get("thresholds_per_layer");
    return write(
        directory, method, weight -> entry(layers, weight).asDouble(), weight -> NO_FACTORS);
  }

  private static JsonNode entry(JsonNode layers, LayerWeight weight) {
    return layers.get(weight.layer()).get(weight.role().tensorName());
  }

  /** With a threshold and a rank for every weight. */
  static Path write(
      Path directory,
      String method,
      ToDoubleFunction<LayerWeight> threshold,
      ToIntFunction<LayerWeight> rank) {
    Path target = directory.resolve(method + ".gguf");
    try (GgufFile file = GgufFile.open(Fixture.path("gguf/llama.gguf"));
        Arena arena = Arena.ofConfined()) {
      GgufWriter writer = new GgufWriter().putAll(file.values());
      file.tensors().values().forEach(writer::tensor);
      writer.put(SparseKeys.KIND, GgufValue.string(method));
      List<LayerWeight> weights = LayerWeight.of(Architectures.describe(file));
      for (LinearRole role : LinearRole.values()) {
        double[] thresholds =
            weights.stream().filter(w -> w.role() == role).mapToDouble(threshold).toArray();
        writer.put(InputKeys.threshold(role), GgufValue.numbers(GgufType.F32, thresholds));
      }
      for (LayerWeight weight : weights) {
        if (rank.applyAsInt(weight) != NO_FACTORS) {
          Factors factors =
              SingularVectors.of(weight, rank.applyAsInt(weight), TensorType.F32, arena);
          writer.tensor(factors.u()).tensor(factors.v());
        }
      }
      writer.write(target);
      return target;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
