package dev.skipjack.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

class TokenizeCommandTest {
  @TempDir private Path directory;

  @Test
  void printsIdsAndPieces() {
    CommandRun run = CommandRun.of("tokenize", "Once upon a time", "--json");

    assertThat(run.exitCode()).isZero();
    assertThat(run.json().get("ids").toString()).isEqualTo("[1,429,438,261,399]");
    assertThat(run.json().get("pieces").get(1).asString()).isEqualTo("▁Once");
  }

  @Test
  void leavesOutTheBeginToken() {
    CommandRun run = CommandRun.of("tokenize", "Once upon a time", "--no-bos", "--json");

    assertThat(run.json().get("ids").toString()).isEqualTo("[429,438,261,399]");
  }

  @Test
  void readsSpecialTokensOnlyWhenAsked() {
    assertThat(
            CommandRun.of("tokenize", "</s>", "--no-bos", "--special", "--json").json().get("ids"))
        .hasSize(1);
    assertThat(CommandRun.of("tokenize", "</s>", "--no-bos", "--json").json().get("ids").size())
        .isGreaterThan(1);
  }

  @Test
  void readsStandardInputAndFilesAlike() throws IOException {
    String text = "Lily 🎈 laughed.\n";
    Path file = Files.writeString(directory.resolve("text.txt"), text);

    String fromInput = CommandRun.withInput(text, "tokenize", "--stdin").out();

    assertThat(fromInput)
        .isNotEmpty()
        .isEqualTo(CommandRun.of("tokenize", "--file", "" + file).out());
  }

  @Test
  void detokenizingGivesTheTextBack() {
    String text = "Lily's 🎈 café, 日本!";
    JsonNode ids = CommandRun.of("tokenize", text, "--json").json().get("ids");
    String tokens = ids.valueStream().map(JsonNode::asString).collect(Collectors.joining(","));

    assertThat(
            CommandRun.of("detokenize", "--tokens", tokens, "--json").json().get("text").asString())
        .isEqualTo(text);
    assertThat(CommandRun.of("detokenize", "--tokens", tokens).out()).isEqualTo(text + "\n");
  }

  @Test
  void aVocabularyWithoutWeightsIsEnough() {
    Path vocabulary = CommandRun.resource("vocab.gguf", directory.resolve("vocab.gguf"));

    CommandRun run = CommandRun.of("tokenize", "-m", "" + vocabulary, "Once", "--no-bos", "--json");

    assertThat(run.exitCode()).isZero();
    assertThat(run.err()).isEmpty();
    assertThat(run.json().get("ids").toString()).isEqualTo("[429]");
  }
}
