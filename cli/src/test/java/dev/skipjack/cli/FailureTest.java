package dev.skipjack.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/** Work that cannot be done: exit code 1 and exactly one line that says what and why. */
class FailureTest {
  @TempDir private Path directory;

  @TestFactory
  Stream<DynamicTest> saysWhatFailedInOneLine() throws IOException {
    Path latin1 =
        Files.write(
            directory.resolve("latin1.txt"), "caf\u00e9".getBytes(StandardCharsets.ISO_8859_1));
    Path empty = Files.writeString(directory.resolve("empty.txt"), "\n");
    Path missing = directory.resolve("missing.gguf");
    Path folder = Files.createDirectory(directory.resolve("folder"));
    Path garbage = Files.writeString(directory.resolve("garbage.gguf"), "not a model at all");
    String longPrompt = "1" + ",403".repeat(600);
    return Stream.of(
        failure(missing + ": no such file or directory", "generate", "-m", "" + missing),
        failure(missing + ": no such file or directory", "inspect", "" + missing),
        failure("" + folder, "generate", "-m", "" + folder),
        failure("" + garbage, "generate", "-m", "" + garbage),
        failure("-p: the prompt is empty", "generate", "-p", ""),
        failure(empty + ": the prompt is empty", "generate", "--prompt-file", "" + empty),
        failure(latin1 + ": not UTF-8 text, see byte 3", "generate", "--prompt-file", "" + latin1),
        failure(latin1 + ": not UTF-8 text, see byte 3", "tokenize", "--file", "" + latin1),
        failure(folder + ": a directory", "generate", "--prompt-file", "" + folder),
        failure(missing + ": no such file", "generate", "--prompt-file", "" + missing),
        failure(
            "prompt tokens: found 601, expected at most 512",
            "generate",
            "--prompt-tokens",
            longPrompt),
        failure("tokens: found 601, expected at most 512", "eval", "--tokens", longPrompt),
        failure(
            "prompt tokens: found 5, expected at most 4",
            "generate",
            "-c",
            "4",
            "--prompt-tokens",
            "1,2,3,4,5"),
        failure(
            "token 2048: not in the vocabulary, expected 0 to 2047",
            "generate",
            "--prompt-tokens",
            "1,2048"),
        failure("\"frobnicate\" is unknown", "generate", "--ffn-activation", "frobnicate"),
        failure("token 2048: not in the vocabulary", "eval", "--tokens", "2048"),
        failure("token 2048: not in the vocabulary", "detokenize", "--tokens", "2048"),
        failure(
            "its directory does not exist",
            "eval",
            "--tokens",
            "1",
            "--logits",
            missing + "/logits"),
        failure("not a regular file", "eval", "--tokens", "1", "--logits", "" + folder));
  }

  private static DynamicTest failure(String message, String... arguments) {
    String name = String.join(" ", arguments);
    return DynamicTest.dynamicTest(
        name.substring(0, Math.min(60, name.length())),
        () -> {
          CommandRun run = CommandRun.of(arguments);

          assertThat(run.exitCode()).isEqualTo(1);
          assertThat(run.out()).isEmpty();
          assertThat(run.err().lines())
              .singleElement()
              .asString()
              .startsWith("skipjack: ")
              .contains(message);
        });
  }

  @Test
  void aFailedEvaluationLeavesNoFile() throws IOException {
    CommandRun.of("eval", "--tokens", "2048", "--logits", "" + directory.resolve("logits"));

    try (Stream<Path> files = Files.list(directory)) {
      assertThat(files).isEmpty();
    }
  }

  @Test
  void spellsOutControlCharactersInNames() {
    CommandRun run = CommandRun.of("inspect", "a\u001b[31m\nb.gguf");

    assertThat(run.err().lines()).hasSize(1);
    assertThat(run.err()).contains("a\\u001b[31m\\nb.gguf");
  }
}
