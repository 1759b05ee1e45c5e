package dev.skipjack.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

class SparsifyCommandTest {
  private static final String STORY =
      "Once upon a time there was a little bird who lived in a big tree by the river. ";

  @TempDir private Path directory;

  private Path text;
  private Path output;

  @BeforeEach
  void writeText() throws IOException {
    text = Files.writeString(directory.resolve("text.txt"), STORY.repeat(20));
    output = directory.resolve("out.gguf");
  }

  private CommandRun sparsify(String arguments) {
    String line = arguments.replace("TEXT", "" + text) + " -o " + output + " -t 2";
    return CommandRun.of(("sparsify " + line).split(" "));
  }

  @Test
  void whatAFileWasCalibratedForIsHowItRuns() {
    CommandRun run = sparsify("--method cats --target 0.6 -f TEXT -c 64 --json");
    assertThat(run.exitCode()).isZero();
    JsonNode json = run.json();
    assertThat(json.path("method").asString()).isEqualTo("cats");
    assertThat(json.path("target").asDouble()).isEqualTo(0.6);
    assertThat(json.path("layers").size()).isEqualTo(6);
    assertThat(json.path("layers").path(0).path("gate_sparsity").asDouble()).isBetween(0.4, 1.0);
    assertThat(json.path("added").path("Q8_0").asInt()).isEqualTo(6);

    CommandRun generated =
        CommandRun.of("generate", "-m", "" + output, "-p", "Once", "-n", "4", "--json");
    assertThat(generated.json().path("ffn").path("mode").asString()).isEqualTo("cats");
  }

  @Test
  void peopleGetATable() {
    CommandRun run = sparsify("--method sign -f TEXT -c 64 --down keep");
    assertThat(run.exitCode()).isZero();
    assertThat(run.out().lines().findFirst())
        .hasValueSatisfying(
            line -> assertThat(line).startsWith("layer").contains("alpha", "recall", "precision"));
    assertThat(run.out().lines()).hasSize(8);
    assertThat(run.err())
        .isEqualTo("skipjack: no -m given, using the bundled model stories-relu2\n");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "--method none | 2 | method: found none, expected one of ",
        "--method cats | 2 | cats: no text given, expected one with -f",
        "--method cats -f TEXT --target 1 | 2 | target: found 1.0, expected a number above 0",
        "--method transpose --target 0.5 | 2 | target: found 0.5, expected none for transpose",
        "--method cats -f TEXT --set a=1 | 2 | setting a: unknown to cats, which has none",
        "--method predictor -f TEXT --set epochs=x | 2 | epochs: found x, expected a whole number",
        "--method cats -f TEXT --down off | 2 | down: found off, expected add, replace or keep",
        "--method cats -f TEXT -c 4096 | 1 | context: found 4096, expected at most the 512",
        "--method cats -f TEXT -c 256 --tokens 300 | 1 | calibration text: found 300 tokens",
        "--method cats -f missing.txt | 1 | missing.txt: no such file or directory",
      })
  void wrongWishesAreAnsweredInOneLine(String arguments, int code, String message) {
    CommandRun run = sparsify(arguments);
    assertThat(run.exitCode()).isEqualTo(code);
    assertThat(run.err().lines()).hasSize(1);
    assertThat(run.err()).startsWith("skipjack: ").contains(message);
    assertThat(output).doesNotExist();
  }
}
