package dev.skipjack.cli;

import dev.skipjack.inference.SamplingOptions;
import java.util.concurrent.ThreadLocalRandom;
import picocli.CommandLine.Option;

/** How the next token is drawn, under the names and with the defaults of llama.cpp. */
final class SamplingGroup {
  private static final SamplingOptions DEFAULTS = SamplingOptions.defaults(0);

  @Option(
      names = "--temp",
      paramLabel = "T",
      description = "Randomness: 0 always takes the most likely token (default: ${DEFAULT-VALUE}).")
  private float temperature = DEFAULTS.temperature();

  @Option(
      names = "--top-k",
      paramLabel = "K",
      description = "Draw from the K most likely tokens; 0 for all (default: ${DEFAULT-VALUE}).")
  private int topK = DEFAULTS.topK();

  @Option(
      names = "--top-p",
      paramLabel = "P",
      description =
          "Draw from the most likely tokens that together reach probability P (default:"
              + " ${DEFAULT-VALUE}).")
  private float topP = DEFAULTS.topP();

  @Option(
      names = "--min-p",
      paramLabel = "P",
      description =
          "Drop tokens less likely than P times the most likely one (default:"
              + " ${DEFAULT-VALUE}).")
  private float minP = DEFAULTS.minP();

  @Option(
      names = "--repeat-penalty",
      paramLabel = "R",
      description = "Make recent tokens less likely; 1 is off (default: ${DEFAULT-VALUE}).")
  private float repeatPenalty = DEFAULTS.repeatPenalty();

  @Option(
      names = "--repeat-last-n",
      paramLabel = "N",
      description = "How many tokens count as recent (default: ${DEFAULT-VALUE}).")
  private int repeatLast = DEFAULTS.repeatLast();

  @Option(
      names = {"-s", "--seed"},
      paramLabel = "S",
      description = "Equal seeds give equal text (default: a new one each time).")
  private long seed = ThreadLocalRandom.current().nextInt(Integer.MAX_VALUE);

  /**
   * The chosen options.
   *
   * @throws UsageFailure if one is out of range
   */
  SamplingOptions options() {
    try {
      return new SamplingOptions(temperature, topK, topP, minP, repeatPenalty, repeatLast, seed);
    } catch (IllegalArgumentException e) {
      throw new UsageFailure(e);
    }
  }
}
