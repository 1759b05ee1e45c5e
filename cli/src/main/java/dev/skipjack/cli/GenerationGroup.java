package dev.skipjack.cli;

import dev.skipjack.inference.GenerationRequest;
import dev.skipjack.inference.SamplingOptions;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import picocli.CommandLine.Option;

/** How long generation goes on. */
final class GenerationGroup {
  private static final int UNTIL_FULL = -1;
  private static final int TEXT_TOKENS = 256;

  @Option(
      names = {"-n", "--predict", "--n-predict"},
      paramLabel = "N",
      description =
          "Most tokens to generate; -1 until the context is full (default: 256, in a chat -1).")
  private Optional<Integer> maxTokens = Optional.empty();

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
    maxTokens
        .filter(most -> most < UNTIL_FULL)
        .ifPresent(
            most -> {
              throw new UsageFailure("-n: found %d, expected -1 or more".formatted(most));
            });
    if (stopStrings.contains("")) {
      throw new UsageFailure("--stop: found an empty text, expected at least one character");
    }
  }

  /** What {@code generate} is asked for. */
  GenerationRequest text(int[] prompt, SamplingOptions sampling) {
    return new GenerationRequest(
        prompt, maxTokens.orElse(TEXT_TOKENS), sampling, stopStrings, ignoreEos);
  }

  /**
   * What {@code chat} is asked for.
   *
   * @param moreStops end it as well
   */
  GenerationRequest answer(int[] prompt, SamplingOptions sampling, List<String> moreStops) {
    List<String> stops = Stream.concat(stopStrings.stream(), moreStops.stream()).toList();
    return new GenerationRequest(prompt, maxTokens.orElse(UNTIL_FULL), sampling, stops, ignoreEos);
  }

  /** Most tokens of an answer, whatever the context. */
  int longestAnswer() {
    int most = maxTokens.orElse(UNTIL_FULL);
    return most == UNTIL_FULL ? Integer.MAX_VALUE : most;
  }
}
