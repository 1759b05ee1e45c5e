package dev.skipjack.inference.calibration;

import static dev.skipjack.inference.calibration.Calibrations.fixture;
import static dev.skipjack.inference.calibration.Calibrations.logits;
import static dev.skipjack.inference.calibration.Calibrations.options;
import static dev.skipjack.inference.calibration.Calibrations.sparsify;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.skipjack.inference.LanguageModel;
import dev.skipjack.inference.calibration.SparsifyOptions.Down;
import dev.skipjack.loader.container.ModelFormatException;
import dev.skipjack.loader.gguf.GgufFile;
import dev.skipjack.loader.gguf.GgufValue;
import dev.skipjack.loader.tensor.Tensor;
import dev.skipjack.loader.tensor.TensorType;
import dev.skipjack.models.spec.ActivationSpec;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What every method's output has in common. */
class SparsifierTest {
  @TempDir private Path directory;

  private static Map<String, String> quick(String method) {
    return method.equals("predictor") ? Map.of("epochs", "1", "max-rank", "32") : Map.of();
  }

  private Path output() {
    return directory.resolve("out.gguf");
  }

  @ParameterizedTest
  @CsvSource({
    "gguf/llama-relu, transpose, exact, 2",
    "gguf/llama, cats, cats, 2",
    "gguf/arcee-relu2, cats, cats, 2",
    "gguf/arcee-relu2, sign, sign, 4",
    "special/bamboo-drelu, griffin, griffin, 2",
    "gguf/arcee-relu2, predictor, predictor, 6",
    "special/bamboo-drelu, predictor, predictor, 6"
  })
  void theOutputIsTheSourceAndMore(String model, String method, String mode, int added)
      throws IOException {
    Path source = fixture(model + ".gguf");
    sparsify(source, output(), options(method, OptionalDouble.empty(), quick(method)));
    try (GgufFile before = GgufFile.open(source);
        GgufFile after = GgufFile.open(output())) {
      for (Map.Entry<String, GgufValue> value : before.values().entrySet()) {
        assertThat(after.values()).containsEntry(value.getKey(), value.getValue());
      }
      for (Tensor tensor : before.tensors().values()) {
        Tensor copy = after.tensor(tensor.name()).orElseThrow();
        assertThat(copy).hasToString(tensor.toString());
        assertThat(copy.data().mismatch(tensor.data())).isEqualTo(-1);
      }
      assertThat(after.tensors()).hasSize(before.tensors().size() + added);
    }
    assertThat(logits(output(), "dense")).containsExactly(logits(source, "dense"));
    try (LanguageModel loaded = Calibrations.load(output(), "auto")) {
      assertThat(loaded.sparsity()).hasToString(mode);
    }
    assertThat(directory.toFile().list()).containsExactly("out.gguf");
  }

  @ParameterizedTest
  @CsvSource({"gguf/llama-relu, exact", "gguf/nemotron, exact", "gguf/llama, dense"})
  void replacedProjectionsGiveTheSameModel(String model, String mode) throws IOException {
    Path source = fixture(model + ".gguf");
    sparsify(
        source,
        output(),
        options("transpose", OptionalDouble.empty(), Map.of(), Down.REPLACE, 2, 0));
    try (GgufFile after = GgufFile.open(output())) {
      assertThat(after.tensors()).doesNotContainKey("blk.0.ffn_down.weight");
    }
    float[] expected = logits(source, "dense");
    assertThat(logits(output(), "dense")).containsExactly(expected, within(1e-4f));
    assertThat(logits(output(), mode)).containsExactly(expected, within(1e-4f));
  }

  @Test
  void keptProjectionsAddNothing() throws IOException {
    SparsifySummary summary =
        sparsify(
            fixture("gguf/llama.gguf"),
            output(),
            options("cats", OptionalDouble.empty(), Map.of(), Down.KEEP, 2, 0));
    assertThat(summary.added()).isEmpty();
  }

  @Test
  void aDirectoryIsConverted() throws IOException {
    Path source = fixture("hf/llama-bias");
    sparsify(source, output(), options("transpose", OptionalDouble.empty(), Map.of()));
    assertThat(logits(output(), "dense")).containsExactly(logits(source, "dense"), within(1e-4f));
    assertThat(directory.toFile().list()).containsExactly("out.gguf");
  }

  @Test
  void quantisedProjectionsAreTransposedFromTheBestSource() throws IOException {
    Path quantised = fixture("quant/llama-256-q4_0.gguf");
    Path precise = fixture("quant/llama-256-f16.gguf");
    SparsifyOptions plain = options("transpose", OptionalDouble.empty(), Map.of());
    SparsifyOptions better = withSource(plain, precise);
    sparsify(quantised, output(), plain);
    double error = error(precise);
    sparsify(quantised, output(), better);
    assertThat(error(precise)).isLessThan(0.8 * error);
    try (GgufFile after = GgufFile.open(output())) {
      assertThat(after.tensor("blk.0.ffn_down_t.weight").orElseThrow().type())
          .isEqualTo(TensorType.Q4_0);
    }
  }

  private static SparsifyOptions withSource(SparsifyOptions plain, Path source) {
    return new SparsifyOptions(
        plain.method(),
        plain.target(),
        plain.text(),
        plain.textName(),
        plain.context(),
        plain.maxTokens(),
        plain.seed(),
        plain.threads(),
        plain.settings(),
        plain.down(),
        Optional.of(source),
        plain.activation());
  }

  /** Sum of squared differences between the transposed weights and those of another file. */
  private double error(Path reference) {
    try (GgufFile file = GgufFile.open(output());
        GgufFile other = GgufFile.open(reference)) {
      Tensor rows = other.tensor("blk.0.ffn_down.weight").orElseThrow();
      float[] transposed = file.tensor("blk.0.ffn_down_t.weight").orElseThrow().toFloats();
      float[] values = rows.toFloats();
      double sum = 0;
      for (int i = 0; i < rows.rows(); i++) {
        for (int j = 0; j < rows.cols(); j++) {
          double d = values[i * rows.cols() + j] - transposed[j * rows.rows() + i];
          sum += d * d;
        }
      }
      return sum;
    }
  }

  @Test
  void aSourceOfAnotherModelIsRefused() {
    SparsifyOptions options =
        withSource(
            options("transpose", OptionalDouble.empty(), Map.of()), fixture("gguf/llama.gguf"));
    assertThatThrownBy(() -> sparsify(fixture("quant/llama-256-q4_0.gguf"), output(), options))
        .isInstanceOf(ModelFormatException.class)
        .hasMessageContaining("ffn_down.weight");
    assertThat(directory).isEmptyDirectory();
  }

  @ParameterizedTest
  @CsvSource({"cats", "sign", "predictor", "griffin"})
  void equalRunsGiveEqualFilesOnAnyNumberOfThreads(String method) throws IOException {
    Path source = fixture("gguf/arcee-relu2.gguf");
    Path other = directory.resolve("other.gguf");
    sparsify(
        source, output(), options(method, OptionalDouble.empty(), quick(method), Down.ADD, 1, 3));
    sparsify(source, other, options(method, OptionalDouble.empty(), quick(method), Down.ADD, 3, 3));
    assertThat(output()).hasSameBinaryContentAs(other);
  }

  @Test
  void aReplacedActivationIsKeptInTheOutput() throws IOException {
    SparsifyOptions plain = options("sign", OptionalDouble.empty(), Map.of());
    SparsifyOptions relu =
        new SparsifyOptions(
            plain.method(),
            plain.target(),
            plain.text(),
            plain.textName(),
            plain.context(),
            plain.maxTokens(),
            plain.seed(),
            plain.threads(),
            plain.settings(),
            plain.down(),
            plain.downSource(),
            Optional.of(ActivationSpec.of("relu")));
    sparsify(fixture("gguf/llama.gguf"), output(), relu);
    try (LanguageModel model = Calibrations.load(output(), "exact")) {
      assertThat(model.file().metadata().string("llama.hidden_activation")).contains("relu");
    }
  }

  @ParameterizedTest
  @CsvSource({
    "gguf/mixtral, cats, the model is a mixture of experts",
    "gguf/llama, sign, silu has no exact zeros; use cats",
    "gguf/llama, predictor, silu has no exact zeros; use cats"
  })
  void aMethodSaysWhyItCannotServeAModel(String model, String method, String reason) {
    SparsifyOptions options = options(method, OptionalDouble.empty(), Map.of());
    assertThatIllegalArgumentException()
        .isThrownBy(() -> sparsify(fixture(model + ".gguf"), output(), options))
        .withMessageStartingWith(method + ": " + reason);
    assertThat(directory).isEmptyDirectory();
  }

  @Test
  void theSourceIsNeverOverwritten() throws IOException {
    Path copy = Files.copy(fixture("gguf/llama.gguf"), output());
    SparsifyOptions options = options("cats", OptionalDouble.empty(), Map.of());
    assertThatThrownBy(() -> sparsify(copy, copy, options))
        .isInstanceOf(FileSystemException.class)
        .hasMessageContaining("is the input");
  }
}
