package dev.skipjack.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Command lines that are wrong in themselves: exit code 2, one line, a hint where to read on. */
class UsageTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          ``                                  | command: none given
          frobnicate                          | Unmatched argument
          generate --frobnicate               | Unknown option: '--frobnicate'
          generate -n -5                      | -n: found -5, expected -1 or more
          chat -n -5                          | -n: found -5, expected -1 or more
          chat --stop a --top-k -1            | top-k: found -1, expected 0 or more
          generate -n many                    | 'many' is not an int
          generate -p a --prompt-file b       | mutually exclusive
          generate --prompt-tokens 1,x        | found "x", expected token ids like 1,2,3
          generate --prompt-tokens 1,,2       | found "", expected token ids like 1,2,3
          generate --prompt-tokens 1,2,       | found "", expected token ids like 1,2,3
          generate --prompt-tokens -1         | found "-1", expected token ids like 1,2,3
          generate --temp -1                  | temperature: found -1.0, expected 0 or more
          generate --top-p 1.5                | top-p: found 1.5
          generate --min-p 1                  | min-p: found 1.0
          generate --repeat-penalty 0         | repeat penalty: found 0.0
          generate -t -1                      | threads: found -1
          generate -c -1                      | context length: found -1
          generate -c 2147483647              | context length: found 2147483647, expected 0 to 134217728
          generate --device x --gpu-layers y  | --gpu-layers: found "y", expected a number or auto
          generate --device x --gpu-layers 0  | GPU layers: found 0, expected 1 or more
          generate --device x --device-memory 5pc | --device-memory: found "5pc", expected a size like 6GB
          generate --ffn-activation relu:x    | parameter "x" is not a number
          eval                                | Missing required option: '--tokens=IDS'
          eval --tokens 99999999999           | found "99999999999", expected token ids
          eval --tokens 1 --top -1            | --top: found -1, expected 0 or more
          tokenize                            | Missing required
          tokenize a --stdin                  | mutually exclusive
          detokenize                          | Missing required option: '--tokens=IDS'
          inspect a -m b                      | expected one of them
          """)
  void explainsWrongUsageInOneLine(String commandLine, String message) {
    String[] arguments = commandLine.isEmpty() ? new String[0] : commandLine.split(" +");

    CommandRun run = CommandRun.of(arguments);

    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.out()).isEmpty();
    assertThat(run.err().lines())
        .singleElement()
        .asString()
        .startsWith("skipjack: ")
        .contains(message);
    assertThat(run.err()).containsPattern("; see skipjack( [a-z]+)? --help");
  }

  @Test
  void refusesAnEmptyStopText() {
    assertThat(CommandRun.of("generate", "--stop", "").err())
        .contains("--stop: found an empty text");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "generate",
        "chat",
        "eval",
        "perplexity",
        "tokenize",
        "detokenize",
        "inspect",
        "sparsify"
      })
  void everyCommandHelpsWithExamples(String command) {
    CommandRun run = CommandRun.of(command, "--help");

    assertThat(run.exitCode()).isZero();
    assertThat(run.err()).isEmpty();
    assertThat(run.out())
        .contains("Usage: skipjack " + command, "Examples:", "--json", "--model=PATH");
  }

  @Test
  void theFrontListsEveryCommand() {
    assertThat(CommandRun.of("--help").out())
        .contains("generate", "eval", "tokenize", "detokenize", "inspect", "Examples:");
  }

  @Test
  void theVersionNamesTheJvm() {
    CommandRun run = CommandRun.of("--version");

    assertThat(run.exitCode()).isZero();
    assertThat(run.out()).startsWith("skipjack 0.").contains("JDK " + Runtime.version());
  }

  @Test
  void verboseAddsTheStackTrace() {
    assertThat(CommandRun.of("generate", "-n", "-5", "--verbose").err())
        .contains("-n: found -5", "\tat dev.skipjack.cli.");
  }
}
