package dev.skipjack.cli;

import dev.skipjack.inference.LanguageModel;
import dev.skipjack.inference.LoadOptions;
import dev.skipjack.loader.container.ModelFile;
import dev.skipjack.models.Checkpoints;
import dev.skipjack.models.bundled.BundledModel;
import dev.skipjack.models.tokenizer.Tokenizer;
import dev.skipjack.models.tokenizer.Tokenizers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Where a model comes from, and the depths to which it can be opened.
 *
 * @param path a file or directory; absent for the bundled model
 */
record ModelSource(Optional<Path> path) {
  /**
   * Says which model is used when nobody chose one. Called once all input was found good, so that a
   * failure stays the only line on standard error.
   */
  void announce(Streams streams) {
    if (path.isEmpty()) {
      streams.note("no -m given, using the bundled model " + LanguageModel.BUNDLED_NAME);
    }
  }

  /** Loads weights and all; the caller closes it. */
  LanguageModel load(LoadOptions options) {
    return path.map(p -> LanguageModel.load(p, options))
        .orElseGet(() -> LanguageModel.bundled(options));
  }

  /** Opens the container without loading weights; the caller closes it. */
  ModelFile open() {
    return path.map(Checkpoints::open).orElseGet(BundledModel::open);
  }

  /** Reads the tokenizer alone: a vocabulary without weights will do. */
  Tokenizer tokenizer() {
    if (path.filter(Files::isDirectory).isPresent()) {
      return Tokenizers.fromHuggingFace(path.get());
    }
    try (ModelFile file = open()) {
      return Checkpoints.tokenizer(file);
    }
  }
}
