package dev.skipjack.cli;

import dev.skipjack.inference.GenerationRequest;
import dev.skipjack.inference.SamplingOptions;
import java.util.List;
import picocli.CommandLine.Option;

/** How long generation goes on. */
final class GenerationGroup {
  private static final int UNTIL_FULL = -1;

  @Option(
      names = {"-n", "--predict", "--n-predict"},
      paramLabel = "N",
      description =
          "Most tokens to generate; -1 until the context is full (default: ${DEFAULT-VALUE}).")
  private int maxTokens = 256;

  @Option(
      names = "--stop",
      paramLabel = "TEXT",
      description = "End before this text would appear; may be given several times.")
  private List<String> stopStrings = List.of();

  @Option(names = "--ignore-eos", description = "Go on when the model says that its text is over.")
  private boolean ignoreEos;

  /**
   * Checks what can be checked before a model is loaded.
   *
   * @throws UsageFailure if a value is out of range
   */
  void check() {
    if (maxTokens < UNTIL_FULL) {
      throw new UsageFailure("-n: found %d, expected -1 or more".formatted(maxTokens));
    }
    if (stopStrings.contains("")) {
      throw new UsageFailure("--stop: found an empty text, expected at least one character");
    }
  }

  GenerationRequest request(int[] prompt, SamplingOptions sampling) {
    return new GenerationRequest(prompt, maxTokens, sampling, stopStrings, ignoreEos);
  }
}
