package dev.skipjack.cli;

import dev.skipjack.inference.LanguageModel;
import dev.skipjack.inference.LoadOptions;
import dev.skipjack.loader.ModelFiles;
import dev.skipjack.loader.container.ModelFile;
import dev.skipjack.models.bundled.BundledModel;
import dev.skipjack.models.tokenizer.Tokenizer;
import dev.skipjack.models.tokenizer.Tokenizers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import picocli.CommandLine.Option;

/** Which model a command works on, and the three depths to which it can be opened. */
final class ModelOption {
  @Option(
      names = {"-m", "--model"},
      paramLabel = "PATH",
      description =
          "A GGUF file or a directory with safetensors (default: the bundled model "
              + LanguageModel.BUNDLED_NAME
              + ").")
  private Optional<Path> path = Optional.empty();

  Optional<Path> path() {
    return path;
  }

  /** Loads weights and all; the caller closes it. */
  LanguageModel load(LoadOptions options, Streams streams) {
    if (path.isPresent()) {
      return LanguageModel.load(path.get(), options);
    }
    noteBundled(streams);
    return LanguageModel.bundled(options);
  }

  /** Opens the container without loading weights; the caller closes it. */
  ModelFile open(Streams streams) {
    if (path.isPresent()) {
      return ModelFiles.open(path.get());
    }
    noteBundled(streams);
    return BundledModel.open();
  }

  /** Reads the tokenizer alone: a vocabulary without weights will do. */
  Tokenizer tokenizer(Streams streams) {
    if (path.isPresent() && Files.isDirectory(path.get())) {
      return Tokenizers.fromHuggingFace(path.get());
    }
    try (ModelFile file = open(streams)) {
      return Tokenizers.fromGguf(file.metadata());
    }
  }

  private static void noteBundled(Streams streams) {
    streams.note("no -m given, using the bundled model " + LanguageModel.BUNDLED_NAME);
  }
}
