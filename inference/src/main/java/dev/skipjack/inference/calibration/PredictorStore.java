package dev.skipjack.inference.calibration;

import dev.skipjack.inference.calibration.PredictorJudge.Verdict;
import dev.skipjack.loader.container.Metadata;
import dev.skipjack.loader.gguf.GgufFile;
import dev.skipjack.loader.gguf.GgufType;
import dev.skipjack.loader.gguf.GgufValue;
import dev.skipjack.loader.gguf.GgufWriter;
import dev.skipjack.loader.gguf.GgufWriter.TensorData;
import dev.skipjack.loader.tensor.TensorType;
import dev.skipjack.models.convert.OutputPath;
import dev.skipjack.models.spec.SparseKeys;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Finished predictors, a small GGUF file for each layer: what an interrupted training goes on from,
 * and where the output's tensors are copied from, so that memory need not hold them all.
 */
final class PredictorStore {
  private static final String VERDICT_KEY = "skipjack.predictor.verdict";

  private final Path directory;
  private final String description;

  /**
   * A finished predictor.
   *
   * @param tensors {@code fc1} and {@code fc2}, under the names they have in the output
   */
  record Finished(int rank, Verdict verdict, List<AddedTensor> tensors) {}

  /**
   * @param description of everything that results depend on; what was stored under another is not
   *     used
   */
  PredictorStore(Path directory, String description) {
    this.directory = directory;
    this.description = description;
  }

  /**
   * Makes the directory, and empties it of what another calibration left.
   *
   * @return whether it did the latter
   * @throws UncheckedIOException if it cannot
   */
  boolean prepare() {
    try {
      Files.createDirectories(directory);
      boolean emptied = false;
      try (Stream<Path> files = Files.list(directory)) {
        for (Path file : files.filter(this::isForeign).toList()) {
          Files.delete(file);
          emptied = true;
        }
      }
      return emptied;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private boolean isForeign(Path path) {
    if (!path.toString().endsWith(".gguf")) {
      return false;
    }
    try (GgufFile file = GgufFile.open(path)) {
      return !file.metadata().string(SparseKeys.CALIBRATION).equals(Optional.of(description));
    }
  }

  private Path path(int layer) {
    return directory.resolve("layer-%d.gguf".formatted(layer));
  }

  private static String fc1(int layer) {
    return "blk.%d.fc1.weight".formatted(layer);
  }

  private static String fc2(int layer) {
    return "blk.%d.fc2.weight".formatted(layer);
  }

  /** The predictor of a layer, if it is finished. */
  Optional<Finished> find(int layer) {
    if (!Files.exists(path(layer))) {
      return Optional.empty();
    }
    try (GgufFile file = GgufFile.open(path(layer))) {
      Metadata metadata = file.metadata();
      double[] numbers = metadata.numbers(VERDICT_KEY).orElseThrow();
      Verdict verdict =
          new Verdict((float) numbers[0], numbers[1], numbers[2], numbers[3], numbers[4]);
      int rank = file.tensors().get(fc1(layer)).rows();
      List<AddedTensor> tensors =
          file.tensors().values().stream()
              .map(
                  tensor ->
                      new AddedTensor(
                          tensor.name(),
                          tensor.type(),
                          tensor.shape(),
                          stored(layer, tensor.name())))
              .toList();
      return Optional.of(new Finished(rank, verdict, tensors));
    }
  }

  private TensorData stored(int layer, String name) {
    return sink -> {
      try (GgufFile file = GgufFile.open(path(layer))) {
        sink.write(file.tensors().get(name).data());
      }
    };
  }

  /**
   * Keeps a finished predictor.
   *
   * @throws UncheckedIOException if it cannot be written
   */
  void add(int layer, PredictorWeights weights, Verdict verdict, TensorType type) {
    AddedTensor first =
        AddedTensor.matrix(fc1(layer), type, weights.rank(), weights.hidden(), weights.fc1());
    AddedTensor second =
        AddedTensor.matrix(fc2(layer), type, weights.neurons(), weights.rank(), weights.fc2());
    GgufWriter writer =
        new GgufWriter()
            .put(SparseKeys.CALIBRATION, GgufValue.string(description))
            .put(
                VERDICT_KEY,
                GgufValue.numbers(
                    GgufType.F64,
                    verdict.threshold(),
                    verdict.recall(),
                    verdict.precision(),
                    verdict.predicted(),
                    verdict.active()));
    for (AddedTensor tensor : List.of(first, second)) {
      writer.tensor(tensor.name(), tensor.type(), tensor.shape(), tensor.data());
    }
    try {
      OutputPath.write(writer, path(layer));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
