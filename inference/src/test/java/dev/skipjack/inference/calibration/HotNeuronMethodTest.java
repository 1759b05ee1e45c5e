package dev.skipjack.inference.calibration;

import static dev.skipjack.inference.calibration.Calibrations.fixture;
import static dev.skipjack.inference.calibration.Calibrations.load;
import static dev.skipjack.inference.calibration.Calibrations.options;
import static dev.skipjack.inference.calibration.Calibrations.sparsify;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.skipjack.inference.LanguageModel;
import dev.skipjack.inference.Session;
import dev.skipjack.inference.device.HotNeuronChoice;
import dev.skipjack.inference.device.HotNeuronFiles;
import dev.skipjack.inference.device.HotNeurons;
import dev.skipjack.models.spec.SparseKeys;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HotNeuronMethodTest {
  @TempDir private Path directory;

  private SparsifySummary calibrate(Path source, Path output, String method) throws IOException {
    return sparsify(source, output, options(method, OptionalDouble.empty(), Map.of()));
  }

  private static List<int[]> counts(LanguageModel model) {
    var found = HotNeuronFiles.find(HotNeuronChoice.AUTO, model.file(), model.spec());
    return switch (found.orElseThrow()) {
      case HotNeurons.Counted counted -> counted.layers();
      case HotNeurons.Chosen chosen -> throw new AssertionError(chosen);
    };
  }

  /** The sparse path counts what it computes, by code of its own. */
  @ParameterizedTest
  @ValueSource(strings = {"gguf/arcee-relu2", "gguf/llama-relu", "special/bamboo-drelu"})
  void countsWhatTheExactModeComputes(String name) throws IOException {
    Path output = directory.resolve("out.gguf");
    calibrate(fixture(name + ".gguf"), output, "hot");
    try (LanguageModel model = load(output, "exact")) {
      CalibrationText text =
          CalibrationText.of(model.tokenizer(), Calibrations.stories(), 64, 5 * 64);
      double[] density = new double[model.config().layerCount()];
      int tokens = 0;
      for (int[] window : text.fitted()) {
        try (Session session = model.newSession()) {
          session.evaluate(window);
          for (int i = 0; i < density.length; i++) {
            density[i] += session.feedForward().layerDensity()[i] * window.length;
          }
        }
        tokens += window.length;
      }
      List<int[]> counts = counts(model);
      for (int i = 0; i < density.length; i++) {
        double active = (double) Arrays.stream(counts.get(i)).sum() / counts.get(i).length;
        assertThat(active).isCloseTo(density[i], within(1e-6 * tokens));
        assertThat(Arrays.stream(counts.get(i)).distinct().count()).isGreaterThan(1);
      }
    }
  }

  @Test
  void countsWhatCatsLeavesAndKeepsTheFileWhatItWas() throws IOException {
    Path cats = directory.resolve("cats.gguf");
    calibrate(fixture("gguf/llama.gguf"), cats, "cats");
    Path output = directory.resolve("out.gguf");

    double[] active = calibrate(cats, output, "hot").table().column("active");

    try (LanguageModel model = load(output, "auto")) {
      assertThat(model.sparsity().method()).isEqualTo("cats");
      double[] skipped = model.file().metadata().numbers(SparseKeys.ACHIEVED).orElseThrow();
      for (int i = 0; i < active.length; i++) {
        assertThat(active[i]).isCloseTo(1 - skipped[i], within(1e-6));
      }
    }
  }

  @Test
  void refusesWhereEveryNeuronIsActive() {
    assertThatThrownBy(
            () -> calibrate(fixture("gguf/llama.gguf"), directory.resolve("out.gguf"), "hot"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("hot: silu has no exact zeros; use cats");
    assertThat(directory).isEmptyDirectory();
  }
}
