package dev.skipjack.inference.measure.sparsity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.skipjack.inference.LanguageModel;
import dev.skipjack.inference.SparsityMode;
import dev.skipjack.inference.calibration.CalibrationListener;
import dev.skipjack.inference.feedforward.FeedForwards;
import dev.skipjack.inference.measure.SelectionQuality;
import dev.skipjack.inference.measure.TextWindows.Window;
import dev.skipjack.kernels.Activations;
import dev.skipjack.loader.container.ModelFile;
import dev.skipjack.models.Checkpoints;
import dev.skipjack.models.architecture.Architectures;
import dev.skipjack.models.bundled.BundledModel;
import dev.skipjack.models.spec.DecoderSpec;
import dev.skipjack.models.spec.FeedForwardSpec.Dense;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SelectionAuditTest {
  private static final int[] TOKENS = {1, 17, 42, 5, 99, 23, 8, 64, 3, 77, 12, 55};
  private static final List<Window> WINDOWS = List.of(new Window(TOKENS, 6), new Window(TOKENS, 6));

  private static Path fixture(String name) {
    try {
      return Path.of(LanguageModel.class.getResource("fixtures/" + name).toURI());
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    }
  }

  private static List<SelectionQuality> audit(ModelFile file, String mode) {
    DecoderSpec spec = Architectures.describe(file);
    SparsityMode parsed = SparsityMode.parse(mode);
    try (WatchedModel model = new WatchedModel(file, spec, 3);
        FeedForwards branches =
            FeedForwards.audited(
                model.kernels(), spec, file.metadata(), parsed.method(), parsed.parameters())) {
      SelectionAudit audit = new SelectionAudit(spec.layers().size());
      model.watch(branches, WINDOWS, audit, done -> {});
      return audit.layers();
    }
  }

  /** Residuals and activations of a dense pass, by layer. */
  private static final class Recorder implements Watcher {
    private final List<List<float[]>> residuals = new ArrayList<>();
    private final List<List<float[]>> neurons = new ArrayList<>();

    private static void keep(
        List<List<float[]>> layers, int layer, float[] values, int tokens, int cols) {
      if (layer == layers.size()) {
        layers.add(new ArrayList<>());
      }
      for (int t = 0; t < tokens; t++) {
        layers.get(layer).add(Arrays.copyOfRange(values, t * cols, (t + 1) * cols));
      }
    }

    @Override
    public void feedForwardInput(int layer, float[] residual, Activations normed, int tokens) {
      keep(residuals, layer, residual, tokens, normed.cols());
    }

    @Override
    public void neurons(int layer, Activations activations, int tokens) {
      keep(neurons, layer, activations.values(), tokens, activations.cols());
    }
  }

  @Test
  void aPredictorIsComparedOnTheInputsOfTheDensePass() {
    double threshold = 0.1;
    try (ModelFile file = Checkpoints.open(fixture("special/powerinfer-llama-relu.gguf"))) {
      List<SelectionQuality> actual = audit(file, "predictor:" + threshold);
      DecoderSpec spec = Architectures.describe(file);
      Recorder dense = new Recorder();
      try (WatchedModel model = new WatchedModel(file, spec, 1)) {
        model.watch(WINDOWS, dense, done -> {});
      }
      for (int layer = 0; layer < spec.layers().size(); layer++) {
        Dense network = (Dense) spec.layers().get(layer).feedForward();
        float[] fc1 = network.predictor().orElseThrow().fc1().toFloats();
        float[] fc2 = network.predictor().orElseThrow().fc2().toFloats();
        SelectionQuality expected = new SelectionQuality(0, 0, 0, 0);
        for (int t = 0; t < 2 * TOKENS.length; t++) {
          float[] x = dense.residuals.get(layer).get(t);
          float[] a = dense.neurons.get(layer).get(t);
          expected = expected.plus(compare(fc1, fc2, x, a, threshold));
        }
        SelectionQuality found = actual.get(layer);
        assertThat(found.neurons()).isEqualTo(expected.neurons());
        assertThat(found.active()).isEqualTo(expected.active());
        // A logit may lie within rounding of the threshold.
        assertThat(found.selected()).isBetween(expected.selected() - 2, expected.selected() + 2);
        assertThat(found.found()).isBetween(expected.found() - 2, expected.found() + 2);
        assertThat(found.recall()).isBetween(0.01, 0.99);
      }
    }
  }

  private static SelectionQuality compare(
      float[] fc1, float[] fc2, float[] x, float[] a, double threshold) {
    int rank = fc1.length / x.length;
    double[] units = new double[rank];
    for (int r = 0; r < rank; r++) {
      for (int c = 0; c < x.length; c++) {
        units[r] += fc1[r * x.length + c] * x[c];
      }
      units[r] = Math.max(0, units[r]);
    }
    long active = 0;
    long selected = 0;
    long both = 0;
    for (int i = 0; i < a.length; i++) {
      double logit = 0;
      for (int r = 0; r < rank; r++) {
        logit += fc2[i * rank + r] * units[r];
      }
      active += a[i] != 0 ? 1 : 0;
      selected += logit >= threshold ? 1 : 0;
      both += a[i] != 0 && logit >= threshold ? 1 : 0;
    }
    return new SelectionQuality(a.length, active, selected, both);
  }

  @ParameterizedTest
  @CsvSource({"predictor:-inf, 1, 1", "predictor:inf, 0, 0"})
  void extremePredictorsSelectAllOrNothing(String mode, double recall, double selected) {
    try (ModelFile file = Checkpoints.open(fixture("special/powerinfer-llama-relu.gguf"))) {
      assertThat(audit(file, mode))
          .allSatisfy(
              layer -> {
                assertThat(layer.recall()).isEqualTo(recall);
                assertThat(layer.selectedDensity()).isEqualTo(selected);
              });
    }
  }

  /** Windows of one token: the first of each pair computes all, the second what the first had. */
  @Test
  void reuseSelectsWhatFiredBefore() {
    try (ModelFile file = BundledModel.open()) {
      Recorder dense = new Recorder();
      DecoderSpec spec = Architectures.describe(file);
      try (WatchedModel model = new WatchedModel(file, spec, 1)) {
        model.watch(WINDOWS, dense, done -> {});
      }
      List<SelectionQuality> actual = audit(file, "reuse:1");
      for (int layer = 0; layer < actual.size(); layer++) {
        long selected = 0;
        long found = 0;
        List<float[]> tokens = dense.neurons.get(layer);
        for (int t = 0; t < tokens.size(); t++) {
          for (int i = 0; i < tokens.get(t).length; i++) {
            boolean chosen = t % 2 == 0 || tokens.get(t - 1)[i] != 0;
            selected += chosen ? 1 : 0;
            found += chosen && tokens.get(t)[i] != 0 ? 1 : 0;
          }
        }
        assertThat(actual.get(layer).selected()).isEqualTo(selected);
        assertThat(actual.get(layer).found()).isEqualTo(found);
      }
    }
  }

  @Test
  void expertsAreCountedForTheTokensSentToThem() {
    try (ModelFile file = Checkpoints.open(fixture("gguf/mixtral.gguf"))) {
      String text = "A bird sat in a tree and looked at the river. ".repeat(4);
      SparsityOptions options =
          new SparsityOptions(16, 32, 0.2, 1, Optional.empty(), 2, Optional.empty());
      SparsityProfile profile =
          SparsityMeasurement.measure(file, text, options, CalibrationListener.SILENT);

      int used = (int) file.metadata().number("llama.expert_used_count").orElseThrow();
      assertThat(profile.mixture()).isTrue();
      assertThat(profile.loss()).isEmpty();
      assertThat(profile.layers())
          .allSatisfy(
              layer -> {
                assertThat(layer.network()).isEmpty();
                assertThat(layer.magnitudes().count()).isEqualTo(32L * used * layer.neurons());
                assertThat(layer.zeroRate()).isZero();
              });
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "0 | 1 | | CETT: found 0.0, expected a number above 0 and below 1",
        "1 | 1 | | CETT: found 1.0",
        "0.2 | -1 | | perplexity loss: found -1.0, expected a percentage of 0 to 1000",
        "0.2 | 1 | cats:0.1 | cats:0.1 does not choose neurons before their gates",
      })
  void optionsOutOfRangeAreRefused(double cett, double loss, String mode, String message) {
    assertThatIllegalArgumentException()
        .isThrownBy(
            () ->
                new SparsityOptions(
                    16,
                    0,
                    cett,
                    loss,
                    Optional.ofNullable(mode).map(SparsityMode::parse),
                    1,
                    Optional.empty()))
        .withMessageContaining(message);
  }
}
