package dev.skipjack.server.metrics;

import dev.skipjack.inference.GenerationResult.Timings;
import dev.skipjack.server.schedule.Answer;
import dev.skipjack.server.schedule.SessionPool;
import java.util.Comparator;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.DoubleAdder;
import java.util.concurrent.atomic.LongAdder;

/** What a server did since it started. Thread-safe. */
public final class Metrics {
  /** The type of the text of {@link #expose}. */
  public static final String CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8";

  private record Outcome(String endpoint, int status) {}

  private final Map<Outcome, LongAdder> requests =
      new ConcurrentSkipListMap<>(
          Comparator.comparing(Outcome::endpoint).thenComparing(Outcome::status));
  private final LongAdder promptTokens = new LongAdder();
  private final LongAdder cachedTokens = new LongAdder();
  private final LongAdder generatedTokens = new LongAdder();
  private final DoubleAdder prefillSeconds = new DoubleAdder();
  private final DoubleAdder decodeSeconds = new DoubleAdder();

  /**
   * Counts a request.
   *
   * @param endpoint one of a fixed set of names, never what a client wrote
   */
  public void count(String endpoint, int status) {
    requests.computeIfAbsent(new Outcome(endpoint, status), key -> new LongAdder()).increment();
  }

  /**
   * Counts the tokens of an answer, cancelled ones included.
   *
   * @param prompt tokens of the prompt, whether computed or not
   */
  public void count(int prompt, Answer answer) {
    Timings timings = answer.result().timings();
    promptTokens.add(prompt);
    cachedTokens.add(answer.cachedTokens());
    generatedTokens.add(timings.generatedTokens());
    prefillSeconds.add(timings.prefillSeconds());
    decodeSeconds.add(timings.decodeSeconds());
  }

  /** Everything in the text format of Prometheus. */
  public String expose(SessionPool sessions) {
    StringBuilder out = new StringBuilder();
    head(out, "requests_total", "counter", "Requests answered.");
    requests.forEach(
        (outcome, count) ->
            out.append(
                "skipjack_requests_total{endpoint=\"%s\",status=\"%d\"} %d\n"
                    .formatted(outcome.endpoint(), outcome.status(), count.sum())));
    number(out, "requests_running", "gauge", "Requests in a session.", sessions.running());
    number(out, "requests_waiting", "gauge", "Requests that wait.", sessions.waiting());
    number(out, "prompt_tokens_total", "counter", "Tokens of prompts.", promptTokens.sum());
    number(
        out,
        "cached_prompt_tokens_total",
        "counter",
        "Tokens of prompts that a session held already.",
        cachedTokens.sum());
    number(out, "generated_tokens_total", "counter", "Tokens of answers.", generatedTokens.sum());
    number(out, "prefill_seconds_total", "counter", "Time spent on prompts.", prefillSeconds.sum());
    number(
        out,
        "decode_seconds_total",
        "counter",
        "Time spent on answers, their first tokens not counted.",
        decodeSeconds.sum());
    return out.toString();
  }

  private static void number(
      StringBuilder out, String name, String type, String help, Number value) {
    head(out, name, type, help);
    String digits =
        value instanceof Double real
            ? String.format(Locale.ROOT, "%.6f", real)
            : Long.toString(value.longValue());
    out.append("skipjack_").append(name).append(' ').append(digits).append('\n');
  }

  private static void head(StringBuilder out, String name, String type, String help) {
    out.append("# HELP skipjack_%s %s\n# TYPE skipjack_%s %s\n".formatted(name, help, name, type));
  }
}
