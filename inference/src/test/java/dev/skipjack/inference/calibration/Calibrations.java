package dev.skipjack.inference.calibration;

import dev.skipjack.inference.LanguageModel;
import dev.skipjack.inference.LoadOptions;
import dev.skipjack.inference.Session;
import dev.skipjack.inference.SparsityMode;
import dev.skipjack.inference.calibration.SparsifyOptions.Down;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;

/** Small calibrations for tests. */
final class Calibrations {
  static final int[] PROMPT = {1, 17, 42, 5, 99, 23, 8, 64};

  private Calibrations() {}

  static Path fixture(String name) {
    try {
      return Path.of(LanguageModel.class.getResource("fixtures/" + name).toURI());
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    }
  }

  /** What the bundled model wrote. */
  static String stories() {
    try (InputStream stream = Calibrations.class.getResourceAsStream("generated-stories.txt")) {
      return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Five windows of 64 tokens, the last held out. */
  static SparsifyOptions options(
      String method, OptionalDouble target, Map<String, String> settings) {
    return options(method, target, settings, Down.ADD, 2, 7);
  }

  static SparsifyOptions options(
      String method,
      OptionalDouble target,
      Map<String, String> settings,
      Down down,
      int threads,
      long seed) {
    return new SparsifyOptions(
        CalibrationMethods.require(method),
        target,
        stories(),
        "stories",
        64,
        5 * 64,
        seed,
        threads,
        settings,
        down,
        Optional.empty(),
        Optional.empty());
  }

  static SparsifySummary sparsify(Path model, Path output, SparsifyOptions options)
      throws IOException {
    return sparsify(model, output, options, CalibrationListener.SILENT);
  }

  static SparsifySummary sparsify(
      Path model, Path output, SparsifyOptions options, CalibrationListener listener)
      throws IOException {
    try (SourceModel source = SourceModel.open(model, output, 1)) {
      return Sparsifier.sparsify(source.file(), output, options, listener);
    }
  }

  static LanguageModel load(Path path, String mode) {
    return LanguageModel.load(
        path, LoadOptions.DEFAULTS.withThreads(2).withSparsity(SparsityMode.parse(mode)));
  }

  /** Logits after each token of the prompt, fed one by one, one row after the other. */
  static float[] logits(Path path, String mode) {
    try (LanguageModel model = load(path, mode);
        Session session = model.newSession()) {
      int vocabulary = model.config().vocabularySize();
      float[] logits = new float[PROMPT.length * vocabulary];
      for (int i = 0; i < PROMPT.length; i++) {
        System.arraycopy(session.evaluate(PROMPT[i]), 0, logits, i * vocabulary, vocabulary);
      }
      return logits;
    }
  }
}
