package dev.skipjack.inference.calibration;

import static dev.skipjack.inference.calibration.Calibrations.fixture;
import static dev.skipjack.inference.calibration.Calibrations.options;
import static dev.skipjack.inference.calibration.Calibrations.sparsify;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.skipjack.inference.FeedForwardStatistics;
import dev.skipjack.inference.LanguageModel;
import dev.skipjack.inference.Session;
import dev.skipjack.inference.calibration.SparsifyOptions.Down;
import dev.skipjack.inference.measure.Perplexity;
import dev.skipjack.inference.measure.PerplexityOptions;
import dev.skipjack.models.tokenizer.SpecialTokens;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.concurrent.CancellationException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PredictorMethodTest {
  private static final Map<String, String> QUICK = Map.of("epochs", "1", "max-rank", "32");

  @TempDir private Path directory;

  private Path output() {
    return directory.resolve("out.gguf");
  }

  /** Interrupts its own thread when the first layer is finished, and keeps all warnings. */
  private static final class Interrupter implements CalibrationListener {
    private final List<String> warnings = new ArrayList<>();

    @Override
    public void detail(String text) {
      if (text.startsWith("layer 0:")) {
        Thread.currentThread().interrupt();
      }
    }

    @Override
    public void warning(String text) {
      warnings.add(text);
    }
  }

  @Test
  void aBundledModelWithPredictorsLosesLittle() throws IOException {
    SparsifySummary summary;
    SparsifyOptions options =
        options(
            "predictor",
            OptionalDouble.of(0.98),
            Map.of("epochs", "2", "rank", "192", "max-rank", "256"));
    try (SourceModel source = SourceModel.bundled()) {
      summary = Sparsifier.sparsify(source.file(), output(), options, CalibrationListener.SILENT);
    }
    double[] recalls = summary.table().column("recall");
    double[] computed = summary.table().column("computed");
    double[] active = summary.table().column("active");
    for (int layer = 0; layer < recalls.length; layer++) {
      assertThat(recalls[layer]).isGreaterThanOrEqualTo(0.98);
      assertThat(computed[layer]).isLessThan(1.5 * active[layer]);
    }
    // The second half of the text, which nothing was trained on.
    String text = Calibrations.stories().substring(7000);
    try (LanguageModel dense = Calibrations.load(output(), "dense");
        LanguageModel sparse = Calibrations.load(output(), "auto")) {
      assertThat(sparse.sparsity()).hasToString("predictor");
      Perplexity expected = perplexity(dense, text);
      assertThat(perplexity(sparse, text).perplexity()).isLessThan(1.01 * expected.perplexity());
    }
  }

  private static Perplexity perplexity(LanguageModel model, String text) {
    return Perplexity.of(model, text, new PerplexityOptions(256, 0), (done, total, value) -> {});
  }

  @ParameterizedTest
  @CsvSource({"residual, linear", "normed, linear", "residual, relu", "normed, relu"})
  void predictorsOfFullRankFindNearlyAll(String input, String hidden) throws IOException {
    SparsifySummary summary =
        sparsify(
            fixture("gguf/arcee-relu2.gguf"),
            output(),
            options(
                "predictor",
                OptionalDouble.of(0.97),
                Map.of(
                    "input", input, "hidden", hidden, "rank", "128", "epochs", "0", "type",
                    "f32")));
    assertThat(Arrays.stream(summary.table().column("precision")).boxed())
        .allMatch(precision -> precision > 0.97);
    // What the method promises is what a session then computes, single tokens of a new text.
    try (LanguageModel model = Calibrations.load(output(), "predictor");
        Session session = model.newSession()) {
      session.evaluate(model.tokenizer().encode("A bird sat in a tree.", SpecialTokens.PROMPT));
      FeedForwardStatistics statistics = session.feedForward();
      double promised = Arrays.stream(summary.table().column("computed")).average().orElseThrow();
      assertThat(statistics.density()).isBetween(promised - 0.1, promised + 0.1);
    }
  }

  @Test
  void zerosAmongThePredictedNeuronsAreSkippedToo() {
    try (LanguageModel model =
            Calibrations.load(fixture("special/powerinfer-llama-relu.gguf"), "predictor:-inf");
        Session session = model.newSession()) {
      for (int token : Calibrations.PROMPT) {
        session.evaluate(token);
      }
      FeedForwardStatistics statistics = session.feedForward();
      assertThat(statistics.density()).isBetween(0.05, 0.95);
    }
  }

  @Test
  void anInterruptedTrainingGoesOn() throws IOException {
    Path source = fixture("gguf/arcee-relu2.gguf");
    SparsifyOptions options = options("predictor", OptionalDouble.empty(), QUICK);
    Path whole = directory.resolve("whole.gguf");
    sparsify(source, whole, options);

    assertThatThrownBy(() -> sparsify(source, output(), options, new Interrupter()))
        .isInstanceOf(CancellationException.class);
    assertThat(Thread.interrupted()).isTrue();
    assertThat(output()).doesNotExist();
    assertThat(directory.resolve("out.gguf.partial")).isDirectoryContaining("glob:**/layer-0.gguf");

    Interrupter listener = new Interrupter();
    sparsify(source, output(), options, listener);
    assertThat(listener.warnings).contains("going on after an interruption: 1 layers are done");
    assertThat(output()).hasSameBinaryContentAs(whole);
    assertThat(directory.resolve("out.gguf.partial")).doesNotExist();
  }

  @Test
  void otherOptionsStartOver() throws IOException {
    Path source = fixture("gguf/arcee-relu2.gguf");
    SparsifyOptions options = options("predictor", OptionalDouble.empty(), QUICK);
    assertThatThrownBy(() -> sparsify(source, output(), options, new Interrupter()))
        .isInstanceOf(CancellationException.class);
    assertThat(Thread.interrupted()).isTrue();

    Interrupter listener = new Interrupter();
    SparsifyOptions seeded = options("predictor", OptionalDouble.empty(), QUICK, Down.ADD, 2, 99);
    assertThatThrownBy(() -> sparsify(source, output(), seeded, listener))
        .isInstanceOf(CancellationException.class);
    assertThat(Thread.interrupted()).isTrue();
    assertThat(listener.warnings)
        .containsExactly("model, text or settings changed since the interruption: starting over");
  }
}
