package dev.skipjack.models.convert;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.skipjack.loader.container.ModelFile;
import dev.skipjack.loader.container.ModelFormatException;
import dev.skipjack.loader.gguf.GgufFile;
import dev.skipjack.loader.gguf.GgufType;
import dev.skipjack.loader.gguf.GgufValue;
import dev.skipjack.loader.gguf.GgufWriter;
import dev.skipjack.loader.tensor.Tensor;
import dev.skipjack.loader.tensor.TensorType;
import dev.skipjack.models.huggingface.HuggingFaceDirectory;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class ConverterTest {
  private static final ConversionListener SILENT = new ConversionListener() {};

  @TempDir Path directory;

  private static Path resource(String name) {
    try {
      return Path.of(ConverterTest.class.getResource("/" + name).toURI());
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    }
  }

  private static ConversionOptions mixed(TargetType type) {
    return new ConversionOptions(type, false, 2);
  }

  private ConversionSummary convert(Path input, Path output, TargetType type) throws IOException {
    return Converter.convert(input, output, mixed(type), SILENT);
  }

  private Path out() {
    return directory.resolve("out.gguf");
  }

  private Path in() {
    return directory.resolve("in.gguf");
  }

  /** Bounds of the root mean square error of normally distributed weights, relative to theirs. */
  @ParameterizedTest
  @CsvSource({
    "F32, 0",
    "F16, 3e-4",
    "BF16, 2.5e-3",
    "Q8_0, 7e-3",
    "Q6_K, 0.02",
    "Q5_1, 0.045",
    "Q5_0, 0.045",
    "Q4_K, 0.085",
    "Q4_1, 0.09",
    "Q4_0, 0.1",
  })
  void everyTypeDecodesWithinItsError(TargetType type, double bound) throws IOException {
    new TestModel().tensor("blk.0.attn_q.weight", 33, 512).write(in());
    Converter.convert(in(), out(), new ConversionOptions(type, true, 2), SILENT);
    try (GgufFile before = GgufFile.open(in());
        GgufFile after = GgufFile.open(out())) {
      Tensor written = after.tensors().get("blk.0.attn_q.weight");
      assertThat(written.type()).isEqualTo(type.tensorType());
      assertThat(relativeError(before.tensors().get(written.name()), written))
          .isLessThanOrEqualTo(bound)
          .isGreaterThanOrEqualTo(bound / 3);
    }
  }

  private static double relativeError(Tensor expected, Tensor actual) {
    float[] left = expected.toFloats();
    float[] right = actual.toFloats();
    double error = 0;
    double power = 0;
    for (int i = 0; i < left.length; i++) {
      error += Math.pow((double) left[i] - right[i], 2);
      power += Math.pow(left[i], 2);
    }
    return Math.sqrt(error / power);
  }

  @Test
  void anUnchangedModelIsTheSameFile() throws IOException {
    Path model = resource("gguf/llama-tied-rope3.gguf");
    convert(model, out(), TargetType.F32);
    assertThat(out()).hasSameBinaryContentAs(model);
  }

  @ParameterizedTest
  @ValueSource(strings = {"llama-tied-rope3", "mixtral", "nemotron"})
  void aDirectoryBecomesWhatAnIndependentConverterMadeOfIt(String name) throws IOException {
    convert(resource("huggingface/" + name), out(), TargetType.F32);
    try (GgufFile expected = GgufFile.open(resource("gguf/" + name + ".gguf"));
        GgufFile actual = GgufFile.open(out())) {
      assertThat(actual.tensors().keySet())
          .containsExactlyInAnyOrderElementsOf(expected.tensors().keySet());
      for (Tensor tensor : expected.tensors().values()) {
        Tensor other = actual.tensors().get(tensor.name());
        assertThat(other.type()).as(tensor.name()).isEqualTo(tensor.type());
        assertThat(other.shape()).as(tensor.name()).isEqualTo(tensor.shape());
        assertThat(other.data().mismatch(tensor.data())).as(tensor.name()).isEqualTo(-1);
      }
      String architecture = expected.metadata().requireString("general.architecture");
      expected.values().entrySet().stream()
          .filter(entry -> entry.getKey().startsWith(architecture + "."))
          .forEach(
              entry -> assertThat(actual.values()).containsEntry(entry.getKey(), entry.getValue()));
      assertThat(actual.values()).doesNotContainKey("skipjack.rope.layout");
    }
  }

  @Test
  void rowsOfAFileThatStatesItsLayoutAreInterleavedToo() throws IOException {
    Path directoryOutput = directory.resolve("directory.gguf");
    convert(resource("huggingface/llama-tied-rope3"), directoryOutput, TargetType.F32);
    try (ModelFile source = HuggingFaceDirectory.open(resource("huggingface/llama-tied-rope3"));
        GgufFile converted = GgufFile.open(directoryOutput)) {
      GgufWriter writer = new GgufWriter().putAll(converted.values());
      writer.put("skipjack.rope.layout", GgufValue.string("neox"));
      source.tensors().values().forEach(writer::tensor);
      writer.write(in());
    }
    convert(in(), out(), TargetType.F32);
    assertThat(out()).hasSameBinaryContentAs(directoryOutput);
  }

  @Test
  void metadataKeepsItsStoredTypes() throws IOException {
    new TestModel()
        .key("general.alignment", GgufValue.u32(64))
        .key("general.file_type", GgufValue.u32(0))
        .key("imaginary.small", GgufValue.integer(GgufType.I8, -3))
        .key("imaginary.wide", GgufValue.numbers(GgufType.F64, 0.1, 0.2))
        .tensor("blk.0.attn_q.weight", 3, 32)
        .tensor("blk.0.attn_k.weight", 3, 32)
        .write(in());
    convert(in(), out(), TargetType.Q8_0);
    try (GgufFile file = GgufFile.open(out())) {
      assertThat(file.values())
          .containsEntry("general.alignment", GgufValue.u32(64))
          .containsEntry("general.file_type", GgufValue.u32(7))
          .containsEntry("general.quantization_version", GgufValue.u32(2))
          .containsEntry("imaginary.small", GgufValue.integer(GgufType.I8, -3))
          .containsEntry("imaginary.wide", GgufValue.numbers(GgufType.F64, 0.1, 0.2));
      assertThat(file.fileOffset(file.tensors().get("blk.0.attn_k.weight")) % 64).isZero();
    }
  }

  @Test
  void aSplitModelBecomesWhole() throws IOException {
    Path first = directory.resolve("m-00001-of-00002.gguf");
    Path second = directory.resolve("m-00002-of-00002.gguf");
    part(0).tensor("blk.0.attn_q.weight", 2, 32).write(first);
    part(1).tensor("blk.0.attn_k.weight", 2, 32).write(second);
    assertThatThrownBy(() -> convert(first, second, TargetType.F16))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("is the input");
    convert(first, out(), TargetType.F16);
    try (GgufFile file = GgufFile.open(out())) {
      assertThat(file.tensors()).containsOnlyKeys("blk.0.attn_q.weight", "blk.0.attn_k.weight");
      assertThat(file.values().keySet()).noneMatch(key -> key.startsWith("split."));
    }
  }

  private static TestModel part(int number) {
    return new TestModel()
        .key("split.no", GgufValue.integer(GgufType.U16, number))
        .key("split.count", GgufValue.integer(GgufType.U16, 2))
        .key("split.tensors.count", GgufValue.integer(GgufType.I32, 2));
  }

  @Test
  void aPowerInferFileIsStillOneToItsReaders() throws IOException {
    new TestModel()
        .tensor("blk.0.fc1.weight", 24, 64)
        .tensor("blk.0.fc2.weight", 64, 24)
        .tensor("blk.0.ffn_down_t.weight", 64, 64)
        .write(in());
    byte[] bytes = Files.readAllBytes(in());
    System.arraycopy("PWRI".getBytes(StandardCharsets.US_ASCII), 0, bytes, 0, 4);
    Files.write(in(), bytes);
    ConversionSummary summary = convert(in(), out(), TargetType.Q4_0);
    try (GgufFile file = GgufFile.open(out())) {
      assertThat(file.metadata().bool(GgufFile.POWERINFER_KEY)).contains(true);
      assertThat(file.tensors().values().stream().map(Tensor::type))
          .containsExactly(TensorType.Q8_0, TensorType.F16, TensorType.Q4_0);
    }
    assertThat(summary.fallbacks())
        .singleElement()
        .satisfies(
            fallback -> {
              assertThat(fallback.tensor()).isEqualTo("blk.0.fc2.weight");
              assertThat(fallback.reason()).contains("24 columns");
            });
  }

  @Test
  void aVocabularyIsCopied() throws IOException {
    Path vocabulary = resource("tokenizers/qwen2/vocab.gguf");
    assertThat(convert(vocabulary, out(), TargetType.Q4_K).tensors()).isZero();
    assertThat(out()).hasSameBinaryContentAs(vocabulary);
  }

  @Test
  void requantisingWarnsOnce() throws IOException {
    new TestModel()
        .tensor("blk.0.attn_q.weight", 2, 256)
        .tensor("blk.1.attn_q.weight", 2, 256)
        .write(in());
    assertThat(convert(in(), out(), TargetType.Q4_0).warnings()).isEmpty();
    List<String> heard = new ArrayList<>();
    Path again = directory.resolve("again.gguf");
    ConversionListener listener =
        new ConversionListener() {
          @Override
          public void warning(String text) {
            heard.add(text);
          }
        };
    Converter.convert(out(), again, mixed(TargetType.Q4_0), listener);
    assertThat(heard).isEmpty();
    assertThat(again).hasSameBinaryContentAs(out());
    ConversionSummary summary = Converter.convert(out(), again, mixed(TargetType.Q8_0), listener);
    assertThat(heard).isEqualTo(summary.warnings()).singleElement().asString().contains("Q4_0");
  }

  @ParameterizedTest
  @EnumSource(
      value = TargetType.class,
      names = {"F16", "Q8_0", "Q4_K"})
  void valuesThatATypeCannotHoldAreRefused(TargetType type) throws IOException {
    float[] values = new float[512];
    for (float wrong : new float[] {Float.NaN, Float.NEGATIVE_INFINITY, 70000}) {
      values[300] = wrong;
      new TestModel().tensor("blk.0.attn_q.weight", values, 2, 256).write(in());
      assertThatThrownBy(() -> convert(in(), out(), type))
          .isInstanceOf(ModelFormatException.class)
          .hasMessageContaining("tensor blk.0.attn_q.weight, row 1: found " + wrong);
      assertThat(out()).doesNotExist();
    }
  }

  @Test
  void aFailureLeavesWhatWasThere() throws IOException {
    new TestModel().tensor("blk.0.attn_q.weight", 2, 32).write(in());
    Files.writeString(out(), "precious");
    ConversionListener failing =
        new ConversionListener() {
          @Override
          public void written(long bytes) {
            throw new IllegalStateException("stop");
          }
        };
    assertThatThrownBy(() -> Converter.convert(in(), out(), mixed(TargetType.F16), failing))
        .hasMessage("stop");
    ConversionListener interrupting =
        new ConversionListener() {
          @Override
          public void tensor(int number, TensorStep step) {
            Thread.currentThread().interrupt();
          }
        };
    assertThatThrownBy(() -> Converter.convert(in(), out(), mixed(TargetType.F16), interrupting))
        .isInstanceOf(IOException.class);
    assertThat(Thread.interrupted()).isTrue();
    assertThat(out()).hasContent("precious");
    try (Stream<Path> files = Files.list(directory)) {
      assertThat(files).containsExactlyInAnyOrder(in(), out());
    }
  }

  @Test
  void placesThatAreNoFilesAreRefused() throws IOException {
    new TestModel().tensor("blk.0.attn_q.weight", 2, 32).write(in());
    Path link = Files.createSymbolicLink(directory.resolve("link.gguf"), in());
    assertRefused(link, "is the input");
    assertRefused(in(), "is the input");
    assertRefused(directory, "is a directory");
    assertRefused(directory.resolve("missing/out.gguf"), "its directory does not exist");
  }

  private void assertRefused(Path output, String message) {
    assertThatThrownBy(() -> convert(in(), output, TargetType.F16))
        .isInstanceOf(IOException.class)
        .hasMessageContaining(output.toString())
        .hasMessageContaining(message);
  }

  @Test
  void anUnsupportedCheckpointIsRefused() throws IOException {
    Path model = Files.createDirectory(directory.resolve("model"));
    Files.copy(
        resource("huggingface/nemotron/model.safetensors"), model.resolve("model.safetensors"));
    Files.writeString(model.resolve("config.json"), "{\"model_type\": \"imaginary\"}");
    assertThatThrownBy(() -> convert(model, out(), TargetType.F16))
        .isInstanceOf(ModelFormatException.class)
        .hasMessageContaining("model_type");
    assertThat(out()).doesNotExist();
  }

  @Test
  void anUnknownTypeIsAnsweredWithTheKnownOnes() {
    assertThat(TargetType.parse("Q4_k")).isEqualTo(TargetType.Q4_K);
    assertThatThrownBy(() -> TargetType.parse("q4_x"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("found q4_x")
        .hasMessageContaining("f32, f16, bf16, q8_0, q4_0, q4_1, q5_0, q5_1, q4_k, q6_k");
  }
}
