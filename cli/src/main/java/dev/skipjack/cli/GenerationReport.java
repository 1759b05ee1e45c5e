package dev.skipjack.cli;

import dev.skipjack.inference.FeedForwardStatistics;
import dev.skipjack.inference.GenerationRequest;
import dev.skipjack.inference.GenerationResult;
import dev.skipjack.inference.GenerationResult.Timings;
import dev.skipjack.inference.LanguageModel;
import dev.skipjack.inference.measure.PeakMemory;
import java.io.PrintStream;
import java.util.Locale;

/** What a finished generation has to say for itself. */
record GenerationReport(
    LanguageModel model,
    GenerationRequest request,
    GenerationResult result,
    FeedForwardStatistics feedForward,
    double loadSeconds) {
  private static final double MILLIS = 1e3;

  /** The JSON form. */
  void write(Json json) {
    Timings timings = result.timings();
    json.field("model", model.source())
        .field("text", result.text())
        .array("prompt_tokens", request.prompt())
        .array("tokens", result.tokens())
        .field("finish_reason", result.finishReason().name().toLowerCase(Locale.ROOT))
        .field("seed", request.sampling().seed())
        .object("timings", t -> writeTimings(t.field("load_ms", loadSeconds * MILLIS), timings))
        .object("ffn", f -> DensityReport.write(f, feedForward));
  }

  /** How fast an answer came, as fields of an object. */
  static void writeTimings(Json json, Timings timings) {
    json.field("prefill_tps", timings.prefillRate())
        .field("decode_tps", timings.decodeRate())
        .field("ttft_ms", timings.firstTokenSeconds() * MILLIS);
  }

  /** The closing statistics for people. */
  void print(PrintStream err) {
    Timings timings = result.timings();
    err.println();
    Text.fact(err, "prompt", "%s", rate(timings.promptTokens(), timings.prefillRate()));
    Text.fact(err, "generated", "%s", rate(timings.generatedTokens(), timings.decodeRate()));
    PeakMemory.residentBytes()
        .ifPresent(bytes -> Text.fact(err, "peak memory", "%s", Text.bytes(bytes)));
    Text.fact(err, "ffn", "%s", DensityReport.text(feedForward));
  }

  /** A count of tokens and their speed, where there were enough to measure one. */
  private static String rate(int tokens, double perSecond) {
    return String.format(
        Locale.ROOT,
        perSecond > 0 ? "%d %s, %.1f tokens/s" : "%d %s",
        tokens,
        tokens == 1 ? "token" : "tokens",
        perSecond);
  }
}
