package dev.skipjack.inference.calibration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import dev.skipjack.inference.InputStatistics;
import dev.skipjack.inference.LanguageModel;
import dev.skipjack.inference.LoadOptions;
import dev.skipjack.inference.Session;
import dev.skipjack.inference.SparsityMode;
import dev.skipjack.inference.measure.Perplexity;
import dev.skipjack.inference.measure.PerplexityOptions;
import dev.skipjack.loader.gguf.GgufFile;
import dev.skipjack.models.spec.SparseKeys;
import dev.skipjack.models.tokenizer.SpecialTokens;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Calibrates the bundled model on stories of its own, and runs the result. */
class InputCalibrationTest {
  private static final int WINDOW = 128;

  @TempDir private Path directory;

  private static String stories() {
    try (InputStream stream =
        InputCalibrationTest.class.getResourceAsStream("generated-stories.txt")) {
      return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Calibrates on the first tokens, in windows. */
  private static SparsifySummary calibrate(
      SourceModel source,
      Path target,
      String method,
      double sparsity,
      int windows,
      int threads,
      Map<String, String> settings)
      throws IOException {
    SparsifyOptions options =
        new SparsifyOptions(
            CalibrationMethods.require(method),
            OptionalDouble.of(sparsity),
            stories(),
            "stories",
            WINDOW,
            windows * WINDOW,
            11,
            threads,
            settings,
            SparsifyOptions.Down.ADD,
            Optional.empty(),
            Optional.empty());
    return Sparsifier.sparsify(source.file(), target, options, CalibrationListener.SILENT);
  }

  private static LanguageModel load(Path file, String mode) {
    return LanguageModel.load(
        file, LoadOptions.DEFAULTS.withThreads(2).withSparsity(SparsityMode.parse(mode)));
  }

  /** The end of the text, which nothing was calibrated on. */
  private static Perplexity perplexity(LanguageModel model) {
    int[] tokens = model.tokenizer().encode(stories(), SpecialTokens.PROMPT);
    String end =
        model.tokenizer().decode(Arrays.copyOfRange(tokens, tokens.length / 2, tokens.length));
    return Perplexity.of(
        model, end, new PerplexityOptions(WINDOW, 0), (done, total, perplexity) -> {});
  }

  @ParameterizedTest
  @CsvSource({
    // Method, sparsity, and the perplexity that may be lost, as a factor.
    "teal, 0.5, step=0.5, 1.10",
    "wina, 0.5, '', 1.10",
    "r-sparse, 0.5, '', 1.15",
    "r-sparse, 0.5, generations=1;population=4, 1.15"
  })
  void aCalibratedModelReachesItsTarget(String method, double target, String settings, double bound)
      throws IOException {
    Path file = directory.resolve(method + ".gguf");
    try (SourceModel source = SourceModel.bundled()) {
      SparsifySummary summary = calibrate(source, file, method, target, 5, 2, settings(settings));
      assertThat(summary.table().columns())
          .containsExactly(
              "sparsity", "attn_q", "attn_k", "attn_v", "attn_output", "ffn_up", "ffn_down");
    }
    try (LanguageModel sparse = load(file, method);
        LanguageModel dense = load(file, "dense")) {
      double sparsePerplexity = perplexity(sparse).perplexity();
      assertThat(sparsePerplexity).isLessThan(bound * perplexity(dense).perplexity());
      assertThat(saved(sparse)).isCloseTo(target, within(0.02));
      assertThat(sparse.file().metadata().number(SparseKeys.TARGET)).hasValue(target);
      double[] achieved = sparse.file().metadata().numbers(SparseKeys.ACHIEVED).orElseThrow();
      // A layer on one window, and with the steps of this test, is less exact than all of them.
      assertThat(Arrays.stream(achieved).boxed())
          .hasSize(6)
          .allSatisfy(layer -> assertThat(layer).isCloseTo(target, within(0.05)));
    }
  }

  private static Map<String, String> settings(String text) {
    Map<String, String> settings = new HashMap<>();
    for (String setting : text.split(";")) {
      if (!setting.isEmpty()) {
        settings.put(setting.split("=")[0], setting.split("=")[1]);
      }
    }
    return settings;
  }

  /** The fraction of weight bytes that generated tokens do not read, low-rank parts counted. */
  private static double saved(LanguageModel model) {
    int[] tokens = model.tokenizer().encode(stories(), SpecialTokens.PROMPT);
    try (Session session = model.newSession()) {
      session.evaluate(Arrays.copyOfRange(tokens, 1500, 1550));
      InputStatistics before = session.inputs().orElseThrow();
      for (int i = 1550; i < 1800; i++) {
        session.evaluate(tokens[i]);
      }
      InputStatistics after = session.inputs().orElseThrow();
      double read = after.bytesRead() - before.bytesRead();
      return 1 - read / (after.bytesTotal() - before.bytesTotal());
    }
  }

  @Test
  void zerosAloneMayBeEnough() throws IOException {
    Path file = directory.resolve("zeros.gguf");
    try (SourceModel source = SourceModel.bundled()) {
      calibrate(source, file, "teal", 0.2, 5, 2, Map.of());
    }
    try (LanguageModel sparse = load(file, "teal");
        LanguageModel dense = load(file, "dense")) {
      // Nothing but zeros of the neurons is left out, which are a third of all weights.
      assertThat(saved(sparse)).isBetween(0.3, 0.4);
      assertThat(perplexity(sparse).perplexity())
          .isCloseTo(perplexity(dense).perplexity(), within(1e-3));
    }
  }

  @ParameterizedTest
  @CsvSource({"teal, step=1", "wina, ''", "r-sparse, generations=1;population=4"})
  void equalRunsGiveEqualFiles(String method, String settings) throws IOException {
    Path first = directory.resolve("first.gguf");
    Path second = directory.resolve("second.gguf");
    try (SourceModel source = SourceModel.bundled()) {
      calibrate(source, first, method, 0.6, 2, 1, settings(settings));
      calibrate(source, second, method, 0.6, 2, 3, settings(settings));
    }
    assertThat(Files.mismatch(first, second)).isEqualTo(-1);
  }

  @Test
  void mixturesAreRefused() throws IOException, URISyntaxException {
    Path mixture = Path.of(LanguageModel.class.getResource("fixtures/gguf/mixtral.gguf").toURI());
    SparsifyOptions options = SparsifyOptions.of(CalibrationMethods.require("teal"), stories());
    try (GgufFile file = GgufFile.open(mixture)) {
      assertThatIllegalArgumentException()
          .isThrownBy(
              () ->
                  Sparsifier.sparsify(
                      file, directory.resolve("out.gguf"), options, CalibrationListener.SILENT))
          .withMessage(
              "teal: the model is a mixture of experts, which reads only the experts it needs; use"
                  + " dense");
    }
  }
}
