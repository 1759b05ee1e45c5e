package dev.skipjack.cli;

import dev.skipjack.inference.LanguageModel;
import dev.skipjack.inference.measure.Divergence;
import dev.skipjack.inference.measure.PerplexityOptions;
import dev.skipjack.inference.measure.Spread;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** How far a mode is from dense, under the names that llama.cpp gives the numbers. */
record DivergenceReport(LanguageModel model, PerplexityOptions options, Divergence divergence) {
  /** Quantiles to print, from the largest value to the smallest. */
  private record Level(String name, double fraction) {}

  private static final List<Level> LEVELS =
      List.of(
          new Level("max", 1),
          new Level("99.9%", 0.999),
          new Level("99%", 0.99),
          new Level("95%", 0.95),
          new Level("90%", 0.9),
          new Level("median", 0.5),
          new Level("10%", 0.1),
          new Level("5%", 0.05),
          new Level("1%", 0.01),
          new Level("0.1%", 0.001),
          new Level("min", 0));

  void print(Results results, boolean json) {
    if (json) {
      results.json(
          object ->
              object
                  .field("model", model.source())
                  .field("ppl", divergence.otherPerplexity())
                  .field("nll", divergence.otherNll())
                  .field("tokens", divergence.tokens())
                  .field("context", options.context())
                  .field("stride", options.stride())
                  .object("divergence", content -> SparsityJson.divergence(content, divergence))
                  .object("ffn", ffn -> DensityReport.write(ffn, divergence.feedForward())));
      return;
    }
    results.printf(
        "perplexity    %.4f, dense %.4f, %d tokens",
        divergence.otherPerplexity(), divergence.referencePerplexity(), divergence.tokens());
    results.printf(
        "PPL ratio     %.6f +/- %.6f",
        divergence.perplexityRatio(), divergence.perplexityRatioError());
    spread(results, "KLD", divergence.kl(), 1, "");
    spread(results, "delta p", divergence.probability(), 100, " %");
    results.printf("RMS delta p   %.4f %%", 100 * divergence.probability().rootMeanSquare());
    results.printf(
        "same top p    %.3f +/- %.3f %%",
        100 * divergence.sameTop(), 100 * divergence.sameTopError());
    results.printf("ffn           %s", DensityReport.text(divergence.feedForward()));
    results.flush();
  }

  private static void spread(Results results, String name, Spread spread, int scale, String unit) {
    results.printf(
        "%-13s mean %.6f +/- %.6f%s", name, scale * spread.mean(), scale * spread.error(), unit);
    results.println(
        LEVELS.stream()
            .map(level -> number(level.name(), scale * spread.quantile(level.fraction())))
            .collect(Collectors.joining(", ", " ".repeat(14), unit)));
  }

  private static String number(String label, double value) {
    return String.format(Locale.ROOT, "%s %.6f", label, value);
  }
}
