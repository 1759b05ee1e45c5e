package dev.skipjack.cli;

import dev.skipjack.inference.LanguageModel;
import java.nio.file.Path;
import java.util.Optional;
import picocli.CommandLine.Option;

/** Which model a command works on. */
final class ModelOption {
  @Option(
      names = {"-m", "--model"},
      paramLabel = "PATH",
      description =
          "A GGUF file or a directory with safetensors (default: the bundled model "
              + LanguageModel.BUNDLED_NAME
              + ").")
  private Optional<Path> path = Optional.empty();

  ModelSource source() {
    return new ModelSource(path);
  }

  /** The chosen model, which an argument may name as well. */
  ModelSource source(Optional<Path> argument) {
    if (argument.isPresent() && path.isPresent()) {
      throw new UsageFailure("model: found both an argument and -m, expected one of them");
    }
    return new ModelSource(argument.or(() -> path));
  }
}
