package dev.skipjack.inference.calibration;

import static dev.skipjack.inference.calibration.Calibrations.fixture;
import static dev.skipjack.inference.calibration.Calibrations.logits;
import static dev.skipjack.inference.calibration.Calibrations.options;
import static dev.skipjack.inference.calibration.Calibrations.sparsify;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SignMethodTest {
  @TempDir private Path directory;

  @ParameterizedTest
  @ValueSource(strings = {"gguf/arcee-relu2", "gguf/llama-relu"})
  void storedSignsAreThoseOfTheWeights(String model) throws IOException {
    Path source = fixture(model + ".gguf");
    Path output = directory.resolve("out.gguf");
    sparsify(source, output, options("sign", OptionalDouble.empty(), Map.of()));
    for (String mode : new String[] {"sign:0.8", "sign:1.2"}) {
      assertThat(logits(output, mode)).containsExactly(logits(source, mode));
    }
    assertThat(logits(output, "sign:0.8")).isNotEqualTo(logits(output, "sign:1.2"));
  }

  @Test
  void aHigherTargetComputesMore() throws IOException {
    Path source = fixture("gguf/arcee-relu2.gguf");
    double before = 0;
    for (double target : new double[] {0.5, 0.9, 0.99}) {
      LayerTable table =
          sparsify(
                  source,
                  directory.resolve("out.gguf"),
                  options("sign", OptionalDouble.of(target), Map.of()))
              .table();
      // Held out, on other tokens than the ratio was chosen on.
      assertThat(table.column("recall")[0]).isBetween(target - 0.08, 1.0);
      assertThat(table.column("computed")[0]).isGreaterThan(before);
      before = table.column("computed")[0];
    }
  }
}
