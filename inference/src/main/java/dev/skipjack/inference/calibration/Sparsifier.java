package dev.skipjack.inference.calibration;

import dev.skipjack.inference.calibration.SparsifyOptions.Down;
import dev.skipjack.loader.container.MappedFiles;
import dev.skipjack.loader.container.ModelFile;
import dev.skipjack.loader.gguf.GgufFile;
import dev.skipjack.loader.gguf.GgufValue;
import dev.skipjack.loader.gguf.GgufWriter;
import dev.skipjack.loader.tensor.Tensor;
import dev.skipjack.models.Checkpoints;
import dev.skipjack.models.architecture.Architectures;
import dev.skipjack.models.architecture.DescribeOptions;
import dev.skipjack.models.convert.CarriedKeys;
import dev.skipjack.models.convert.OutputPath;
import dev.skipjack.models.spec.DecoderSpec;
import dev.skipjack.models.spec.FeedForwardSpec.Dense;
import dev.skipjack.models.spec.SparseKeys;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Calibrates a model for sparse computation and writes the result: everything of the source as it
 * is, with the keys and tensors that were found and neuron-major down projections. Stateless.
 */
public final class Sparsifier {
  private static final int USUAL_WINDOW = 512;

  private static final Pattern ROW_MAJOR_DOWN =
      Pattern.compile("(blk\\.\\d+\\.ffn_down)\\.(weight|bias|scale)");

  private Sparsifier() {}

  /**
   * Sparsifies. The output appears under its name only when it is complete, in place of a file that
   * may be there; after a failure or an interrupt of the thread nothing is left of it but what a
   * method keeps to resume.
   *
   * @param file stays open
   * @throws IllegalArgumentException if the method cannot serve the model or the text is too short
   * @throws dev.skipjack.loader.container.ModelFormatException if the model cannot be used
   * @throws java.nio.file.FileSystemException if the output cannot be written, or is the input
   * @throws java.util.concurrent.CancellationException if the thread is interrupted while it
   *     calibrates, or an {@link IOException} while it writes
   */
  public static SparsifySummary sparsify(
      GgufFile file, Path output, SparsifyOptions options, CalibrationListener listener)
      throws IOException {
    OutputPath.check(Path.of(file.source()), output);
    DecoderSpec spec =
        Architectures.describe(file, new DescribeOptions(options.activation(), options.context()));
    CalibrationMethod method = options.method();
    method
        .refusal(spec)
        .ifPresent(
            refusal -> {
              throw new IllegalArgumentException("%s: %s".formatted(method.name(), refusal));
            });
    Optional<ModelFile> precise = options.downSource().map(Checkpoints::open);
    try (CalibrationRun run =
        new CalibrationRun(file, spec, text(file, spec, options), options, output, listener)) {
      CalibrationResult result = method.calibrate(run);
      GgufWriter writer = new GgufWriter().putAll(keys(file, options, result));
      Map<String, AddedTensor> added = added(run, options, precise, result);
      writeTensors(writer, file, added, options, listener);
      OutputPath.write(writer, output);
      delete(run.workDirectory());
      return new SparsifySummary(
          options.chosenTarget(), result.table(), List.copyOf(added.values()));
    } catch (InternalError e) {
      throw MappedFiles.explain(file.source(), e);
    } finally {
      precise.ifPresent(ModelFile::close);
    }
  }

  private static void delete(Path directory) throws IOException {
    if (Files.isDirectory(directory)) {
      try (Stream<Path> files = Files.list(directory)) {
        for (Path file : files.toList()) {
          Files.delete(file);
        }
      }
      Files.delete(directory);
    }
  }

  private static CalibrationText text(GgufFile file, DecoderSpec spec, SparsifyOptions options) {
    if (!options.method().needsText()) {
      return CalibrationText.NONE;
    }
    int own = spec.config().contextLength();
    int context = options.context() == 0 ? Math.min(USUAL_WINDOW, own) : options.context();
    if (context > own) {
      throw new IllegalArgumentException(
          "context: found %d, expected at most the %d of the model".formatted(context, own));
    }
    return CalibrationText.of(
        Checkpoints.tokenizer(file), options.text(), context, options.maxTokens());
  }

  private static Map<String, GgufValue> keys(
      GgufFile file, SparsifyOptions options, CalibrationResult result) {
    Map<String, GgufValue> keys = CarriedKeys.of(file);
    if (!result.keys().isEmpty()) {
      // The numbers of a file belong to one method.
      keys.keySet().removeIf(key -> key.startsWith(SparseKeys.PREFIX));
    }
    options
        .activation()
        .ifPresent(
            activation ->
                keys.put(
                    file.metadata().requireString("general.architecture") + ".hidden_activation",
                    GgufValue.string("" + activation)));
    keys.putAll(result.keys());
    keys.put(SparseKeys.CALIBRATION, GgufValue.string(Provenance.of(file, options)));
    return keys;
  }

  /** By name: what the method found, and the down projections that its mode wants. */
  private static Map<String, AddedTensor> added(
      CalibrationRun run,
      SparsifyOptions options,
      Optional<ModelFile> precise,
      CalibrationResult result) {
    Map<String, AddedTensor> added = new LinkedHashMap<>();
    if (options.method().readsNeurons() && options.down() != Down.KEEP) {
      DownProjections projections = new DownProjections(run.file(), precise);
      List<Dense> networks = Networks.of(run.spec());
      if (networks.stream()
          .anyMatch(network -> lacks(network) && projections.requantises(network.down()))) {
        run.listener()
            .warning(
                "the down projections of %s are quantised and get quantised once more to transpose them; an unquantised --source is better"
                    .formatted(run.file().source()));
      }
      for (int layer = 0; layer < networks.size(); layer++) {
        if (lacks(networks.get(layer))) {
          AddedTensor tensor =
              projections.transposed(layer, networks.get(layer).down(), run.team());
          added.put(tensor.name(), tensor);
        }
      }
    }
    result.tensors().forEach(tensor -> added.put(tensor.name(), tensor));
    return added;
  }

  private static boolean lacks(Dense network) {
    return network.down().byNeuron().isEmpty();
  }

  /** Without row-major down projections, where neuron-major ones replace them. */
  private static Optional<Tensor> carried(Tensor tensor, SparsifyOptions options) {
    Matcher name = ROW_MAJOR_DOWN.matcher(tensor.name());
    if (options.down() != Down.REPLACE || !options.method().readsNeurons() || !name.matches()) {
      return Optional.of(tensor);
    }
    return name.group(2).equals("weight")
        ? Optional.empty()
        : Optional.of(tensor.renamed(name.group(1) + "_t." + name.group(2)));
  }

  private static void writeTensors(
      GgufWriter writer,
      GgufFile file,
      Map<String, AddedTensor> added,
      SparsifyOptions options,
      CalibrationListener listener) {
    List<Tensor> kept =
        file.tensors().values().stream()
            .filter(tensor -> !added.containsKey(tensor.name()))
            .flatMap(tensor -> carried(tensor, options).stream())
            .toList();
    listener.phase("write", kept.size() + added.size());
    for (Tensor tensor : kept) {
      writer.tensor(
          tensor.name(),
          tensor.type(),
          tensor.shape(),
          sink -> {
            sink.write(tensor.data());
            listener.advanced(1, "");
          });
    }
    for (AddedTensor tensor : added.values()) {
      writer.tensor(
          tensor.name(),
          tensor.type(),
          tensor.shape(),
          sink -> {
            tensor.data().writeTo(sink);
            listener.advanced(1, "");
          });
    }
  }
}
