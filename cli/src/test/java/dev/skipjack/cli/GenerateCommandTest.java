package dev.skipjack.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** Runs the bundled model; the expected ids are those of independent implementations. */
class GenerateCommandTest {
  private static final String PROMPT = "Once upon a time, there was a little girl named Lily.";
  private static final String GREEDY_IDS = "[328,496,268,338,333,326,620,269]";

  @TempDir private Path directory;

  @Test
  void printsOneJsonObject() {
    CommandRun run = CommandRun.of("generate", "-p", PROMPT, "-n", "8", "--temp", "0", "--json");

    assertThat(run.exitCode()).isZero();
    JsonNode json = run.json();
    assertThat(json.propertyNames())
        .contains(
            "model", "text", "prompt_tokens", "tokens", "finish_reason", "seed", "timings", "ffn");
    assertThat(json.get("model").asString()).startsWith("stories-relu2");
    assertThat(json.get("prompt_tokens").toString())
        .isEqualTo("[1,429,438,261,399,1997,401,286,261,393,467,414,379,1989]");
    assertThat(json.get("tokens").toString()).isEqualTo(GREEDY_IDS);
    assertThat(json.get("text").asString()).isEqualTo(" She loved to play with her toys and");
    assertThat(json.get("finish_reason").asString()).isEqualTo("length");
    assertThat(json.get("timings").propertyNames())
        .containsExactly("load_ms", "prefill_tps", "decode_tps", "ttft_ms");
    assertThat(json.get("timings").get("decode_tps").asDouble()).isPositive();
    assertThat(json.get("ffn").get("density").asDouble()).isBetween(0.0, 1.0);
    assertThat(json.get("ffn").get("mode").isString()).isTrue();
  }

  @Test
  void streamsTheContinuationAloneAndStatisticsBesideIt() {
    CommandRun run = CommandRun.of("generate", "-p", PROMPT, "-n", "8", "--temp", "0");

    assertThat(run.exitCode()).isZero();
    assertThat(run.out()).isEqualTo(" She loved to play with her toys and\n");
    assertThat(run.err())
        .startsWith("skipjack: no -m given, using the bundled model stories-relu2\n")
        .contains("prompt       14 tokens", "generated    8 tokens", "of the neurons computed");
  }

  @Test
  void readsThePromptFromAFileWithoutItsLastLineEnd() throws IOException {
    Path file = Files.writeString(directory.resolve("prompt.txt"), PROMPT + "\r\n");

    CommandRun run =
        CommandRun.of("generate", "--prompt-file", "" + file, "-n", "1", "--temp", "0", "--json");

    assertThat(run.json().get("prompt_tokens")).hasSize(14);
  }

  @ParameterizedTest
  @ValueSource(strings = {"-1 degree", "--json", "-test", "@everyone", "a\tb\n", "日本 🎈"})
  void anyTextCanBeAPrompt(String prompt) {
    String ids = CommandRun.of("tokenize", "--json", "--", prompt).json().get("ids").toString();

    CommandRun run = CommandRun.of("generate", "-p", prompt, "-n", "0", "--json");

    assertThat(run.json().get("prompt_tokens").toString()).isEqualTo(ids);
  }

  @Test
  void takesPromptTokensAsTheyAre() {
    CommandRun run =
        CommandRun.of(
            "generate", "--prompt-tokens", "429, 438", "-n", "1", "--temp", "0", "--json");

    assertThat(run.json().get("prompt_tokens").toString()).isEqualTo("[429,438]");
  }

  @Test
  void beginsATextOfItsOwnWithoutAPrompt() {
    CommandRun run = CommandRun.of("generate", "-n", "1", "--json");

    assertThat(run.json().get("prompt_tokens").toString()).isEqualTo("[1]");
  }

  @Test
  void stopsBeforeAStopText() {
    CommandRun run =
        CommandRun.of(
            "generate", "-p", PROMPT, "-n", "8", "--temp", "0", "--stop", "play", "--json");

    assertThat(run.json().get("text").asString()).isEqualTo(" She loved to ");
    assertThat(run.json().get("finish_reason").asString()).isEqualTo("stop");
  }

  @Test
  void minusOneGoesOnUntilTheContextIsFull() {
    CommandRun run =
        CommandRun.of(
            "generate",
            "--prompt-tokens",
            "1,429",
            "-n",
            "-1",
            "-c",
            "12",
            "--ignore-eos",
            "--json");

    assertThat(run.json().get("tokens")).hasSize(10);
    assertThat(run.json().get("finish_reason").asString()).isEqualTo("length");
  }

  @Test
  void equalSeedsGiveEqualText() {
    String[] command = {"generate", "-p", PROMPT, "-n", "12", "--seed", "7"};

    assertThat(CommandRun.of(command).out()).isEqualTo(CommandRun.of(command).out());
  }

  @Test
  void aReaderThatWentAwayEndsItQuietly() {
    var err = new ByteArrayOutputStream();
    var streams = new Streams(System.in, new BrokenOutput("Broken pipe"), new PrintStream(err));

    int exitCode = Skipjack.run(streams, "generate", "-p", PROMPT, "-n", "8");

    assertThat(exitCode).isZero();
    assertThat(err.toString().lines()).singleElement().asString().contains("no -m given");
  }

  @Test
  void aFullDiskIsAFailure() {
    var err = new ByteArrayOutputStream();
    var streams =
        new Streams(System.in, new BrokenOutput("No space left on device"), new PrintStream(err));

    int exitCode = Skipjack.run(streams, "generate", "-p", PROMPT, "-n", "8", "--json");

    assertThat(exitCode).isEqualTo(1);
    assertThat(err.toString()).contains("skipjack: standard output: No space left on device\n");
  }

  /** Refuses every byte. */
  private static final class BrokenOutput extends OutputStream {
    private final String reason;

    private BrokenOutput(String reason) {
      this.reason = reason;
    }

    @Override
    public void write(int b) throws IOException {
      throw new IOException(reason);
    }
  }
}
