package dev.skipjack.inference.calibration;

import dev.skipjack.loader.container.ModelFile;
import dev.skipjack.loader.gguf.GgufFile;
import dev.skipjack.loader.tensor.Tensor;
import dev.skipjack.loader.tensor.TensorType;
import dev.skipjack.models.Checkpoints;
import dev.skipjack.models.bundled.BundledModel;
import dev.skipjack.models.convert.ConversionListener;
import dev.skipjack.models.convert.ConversionOptions;
import dev.skipjack.models.convert.Converter;
import dev.skipjack.models.convert.OutputPath;
import dev.skipjack.models.convert.TargetType;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A model as a GGUF file, which {@link Sparsifier} works on. A Hugging Face directory is converted
 * into a temporary file beside the output, in the precision it has.
 */
public final class SourceModel implements AutoCloseable {
  private final GgufFile file;
  private final Optional<Path> temporary;

  private SourceModel(GgufFile file, Optional<Path> temporary) {
    this.file = file;
    this.temporary = temporary;
  }

  /**
   * Opens a GGUF file or converts a Hugging Face directory.
   *
   * @param output where the result will go
   * @throws dev.skipjack.loader.container.ModelFormatException if the model cannot be used
   * @throws IOException if nothing can be written beside the output
   */
  public static SourceModel open(Path path, Path output, int threads) throws IOException {
    OutputPath.check(path, output);
    ModelFile model = Checkpoints.open(path);
    if (model instanceof GgufFile file) {
      return new SourceModel(file, Optional.empty());
    }
    TargetType type;
    try (model) {
      type = precision(model);
    }
    Path temporary = output.resolveSibling("." + output.getFileName() + ".source.tmp");
    try {
      Converter.convert(
          path, temporary, new ConversionOptions(type, true, threads), new ConversionListener() {});
      return new SourceModel(GgufFile.open(temporary), Optional.of(temporary));
    } catch (IOException | RuntimeException | Error e) {
      Files.deleteIfExists(temporary);
      throw e;
    }
  }

  /** The small model inside the jar. */
  public static SourceModel bundled() {
    return new SourceModel((GgufFile) BundledModel.open(), Optional.empty());
  }

  /** F16 or BF16 if all matrices have it, else F32, which holds every other type. */
  private static TargetType precision(ModelFile model) {
    Set<TensorType> types =
        model.tensors().values().stream()
            .filter(tensor -> tensor.shape().length > 1)
            .map(Tensor::type)
            .collect(Collectors.toSet());
    return Stream.of(TargetType.F16, TargetType.BF16)
        .filter(type -> types.equals(Set.of(type.tensorType())))
        .findFirst()
        .orElse(TargetType.F32);
  }

  public GgufFile file() {
    return file;
  }

  @Override
  public void close() throws IOException {
    file.close();
    if (temporary.isPresent()) {
      Files.deleteIfExists(temporary.get());
    }
  }
}
