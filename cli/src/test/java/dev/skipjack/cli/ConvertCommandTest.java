package dev.skipjack.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.skipjack.inference.GenerationRequest;
import dev.skipjack.inference.LanguageModel;
import dev.skipjack.inference.LoadOptions;
import dev.skipjack.inference.SamplingOptions;
import dev.skipjack.inference.Session;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectMapper;

class ConvertCommandTest {
  @TempDir Path directory;

  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();

  private static Path model() {
    try {
      return Path.of(ConvertCommandTest.class.getResource("llama-tied-rope3").toURI());
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    }
  }

  private int run(String... arguments) {
    Streams streams =
        new Streams(
            InputStream.nullInputStream(), out, new PrintStream(err, true, StandardCharsets.UTF_8));
    return Skipjack.run(streams, arguments);
  }

  private String errors() {
    return err.toString(StandardCharsets.UTF_8);
  }

  private Path target() {
    return directory.resolve("out.gguf");
  }

  private static int[] ints(JsonNode array) {
    return StreamSupport.stream(array.spliterator(), false).mapToInt(JsonNode::asInt).toArray();
  }

  @ParameterizedTest
  @ValueSource(strings = {"f32", "bf16"})
  void aConvertedDirectoryContinuesAsTheOriginal(String type) throws IOException {
    assertThat(run("convert", "" + model(), "-o", "" + target(), "--type", type)).isZero();
    JsonNode golden = new ObjectMapper().readTree(Files.readString(model().resolve("golden.json")));
    int[] greedy = ints(golden.path("greedy"));
    // Rounding to 8 bits of mantissa decides differently once two logits are close.
    int decided = type.equals("f32") ? greedy.length : 4;
    try (LanguageModel model = LanguageModel.load(target(), LoadOptions.DEFAULTS);
        Session session = model.newSession()) {
      GenerationRequest request =
          new GenerationRequest(
              ints(golden.path("prompt")), decided, SamplingOptions.GREEDY, List.of(), true);
      int[] tokens = session.generate(request, text -> true).tokens();
      assertThat(tokens).containsExactly(Arrays.copyOf(greedy, decided));
    }
  }

  @Test
  void theSummaryIsOneJsonObject() throws IOException {
    assertThat(run("convert", "" + model(), "-o", "" + target(), "--type", "q4_k", "--json"))
        .isZero();
    JsonNode summary = new ObjectMapper().readTree(out.toString(StandardCharsets.UTF_8));
    assertThat(summary.path("input").asString()).isEqualTo("" + model());
    assertThat(summary.path("output").asString()).isEqualTo("" + target());
    assertThat(summary.path("type").asString()).isEqualTo("q4_k");
    assertThat(summary.path("tensors").asInt()).isEqualTo(21);
    assertThat(summary.path("types").path("F32").asInt()).isEqualTo(6);
    assertThat(summary.path("types").path("Q8_0").asInt()).isEqualTo(15);
    // The embeddings are meant to have Q8_0 where Q6_K does not fit.
    assertThat(summary.path("fallbacks").size()).isEqualTo(14);
    assertThat(summary.path("bytes_before").asLong())
        .isGreaterThan(3 * summary.path("bytes_after").asLong());
    assertThat(summary.path("seconds").asDouble()).isPositive();
  }

  @Test
  void everyTensorHasALineThatSaysItsFallBack() {
    assertThat(run("convert", "" + model(), "-o", "" + target(), "--type", "q6_k")).isZero();
    assertThat(errors().lines().filter(line -> line.startsWith("["))).hasSize(21);
    assertThat(errors())
        .containsPattern(
            "\\[ *\\d+/ *21\\] blk\\.0\\.attn_q\\.weight +- \\[64, 64\\], type = +f32, converting"
                + " to q8_0, rows interleaved \\.\\. size = 16\\.4 kB -> 4\\.35 kB \\(not Q6_K: 64"
                + " columns do not fill blocks of 256\\)");
    assertThat(out.toString(StandardCharsets.UTF_8)).startsWith(target() + ": 21 tensors (");
  }

  @ParameterizedTest
  @CsvSource({
    "q9_9, out.gguf, 2, 'type: found q9_9, expected one of f32'",
    "f16, '', 1, is a directory",
    "f16, missing/out.gguf, 1, its directory does not exist",
  })
  void wrongWishesAreAnsweredInOneLine(String type, String name, int code, String message) {
    Path output = directory.resolve(name);
    assertThat(run("convert", "" + model(), "-o", "" + output, "--type", type)).isEqualTo(code);
    assertThat(errors().lines()).hasSize(1);
    assertThat(errors()).startsWith("skipjack: ").contains(message);
    assertThat(directory).isEmptyDirectory();
  }

  @Test
  void theInputIsNeverOverwritten() throws IOException {
    assertThat(run("convert", "" + model(), "-o", "" + target(), "--type", "f32")).isZero();
    byte[] before = Files.readAllBytes(target());
    assertThat(run("convert", "" + target(), "-o", "" + target(), "--type", "f16")).isEqualTo(1);
    assertThat(errors()).contains("is the input");
    assertThat(target()).hasBinaryContent(before);
  }
}
