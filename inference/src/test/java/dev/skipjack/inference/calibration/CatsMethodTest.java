package dev.skipjack.inference.calibration;

import static dev.skipjack.inference.calibration.Calibrations.fixture;
import static dev.skipjack.inference.calibration.Calibrations.options;
import static dev.skipjack.inference.calibration.Calibrations.sparsify;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.skipjack.inference.LanguageModel;
import dev.skipjack.inference.Session;
import dev.skipjack.models.tokenizer.SpecialTokens;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.OptionalDouble;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CatsMethodTest {
  @TempDir private Path directory;

  @ParameterizedTest
  @CsvSource({"gguf/llama, 0.3", "gguf/llama, 0.8", "gguf/arcee-relu2, 0.7"})
  void asManyGatesAreSkippedAsWereAskedFor(String model, double target) throws IOException {
    Path output = directory.resolve("out.gguf");
    SparsifySummary summary =
        sparsify(
            fixture(model + ".gguf"), output, options("cats", OptionalDouble.of(target), Map.of()));
    assertThat(Arrays.stream(summary.table().column("gate_sparsity")).boxed())
        .allSatisfy(achieved -> assertThat(achieved).isCloseTo(target, within(0.05)));
    // On the text it was fitted to, the mode without a number computes just the rest.
    try (LanguageModel loaded = Calibrations.load(output, "cats");
        Session session = loaded.newSession()) {
      int[] tokens = loaded.tokenizer().encode(Calibrations.stories(), SpecialTokens.PROMPT);
      session.evaluate(Arrays.copyOf(tokens, 64));
      assertThat(session.feedForward().density()).isCloseTo(1 - target, within(0.05));
    }
  }
}
