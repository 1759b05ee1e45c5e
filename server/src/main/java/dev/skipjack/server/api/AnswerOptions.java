package dev.skipjack.server.api;

import dev.skipjack.inference.SamplingOptions;
import dev.skipjack.server.http.ApiException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;

/**
 * What chats and completions have in common.
 *
 * @param model the name to answer under, as the client wrote it
 * @param maxTokens most tokens to generate; -1 until the context is full
 * @param ignoreEos whether tokens that end generation are treated like any other
 * @param includeUsage whether a stream ends with the usage
 */
record AnswerOptions(
    String model,
    int maxTokens,
    SamplingOptions sampling,
    List<String> stops,
    boolean ignoreEos,
    boolean stream,
    boolean includeUsage) {
  private static final int MOST_STOPS = 16;

  /**
   * Reads them from a request.
   *
   * @param model the name if the request has none
   * @param maxTokens the number if the request has none
   * @throws ApiException if a field has the wrong type, is out of range or cannot be honoured
   */
  static AnswerOptions read(Fields fields, String model, int maxTokens) {
    Unsupported.refuse(fields);
    int most = fields.integer("max_tokens", maxTokens, -1);
    return new AnswerOptions(
        fields.string("model").orElse(model),
        fields.integer("max_completion_tokens", most, -1),
        sampling(fields),
        stops(fields),
        fields.flag("ignore_eos", false),
        fields.flag("stream", false),
        fields
            .object("stream_options")
            .map(options -> options.flag("include_usage", false))
            .orElse(false));
  }

  private static SamplingOptions sampling(Fields fields) {
    SamplingOptions defaults =
        SamplingOptions.defaults(
            fields.whole("seed").orElseGet(ThreadLocalRandom.current()::nextLong));
    return new SamplingOptions(
        fields.number(
            "temperature",
            defaults.temperature(),
            t -> t >= 0 && t < Float.POSITIVE_INFINITY,
            "from 0"),
        fields.integer("top_k", defaults.topK(), 0),
        fields.number("top_p", defaults.topP(), p -> p > 0 && p <= 1, "above 0 and at most 1"),
        fields.number("min_p", defaults.minP(), p -> p >= 0 && p < 1, "from 0 and below 1"),
        fields.number(
            "repeat_penalty",
            defaults.repeatPenalty(),
            r -> r > 0 && r < Float.POSITIVE_INFINITY,
            "above 0"),
        defaults.repeatLast(),
        defaults.seed());
  }

  private static List<String> stops(Fields fields) {
    List<String> stops = fields.strings("stop");
    if (stops.size() > MOST_STOPS) {
      throw ApiException.invalid(
          "stop", stops.size() + " strings", "at most %d".formatted(MOST_STOPS));
    }
    if (stops.contains("")) {
      throw ApiException.invalid("stop", "an empty string", "strings of at least one character");
    }
    return stops;
  }

  /** The same with further stop strings. */
  AnswerOptions alsoStoppingAt(List<String> more) {
    List<String> all = new ArrayList<>(stops);
    all.addAll(more);
    return new AnswerOptions(model, maxTokens, sampling, all, ignoreEos, stream, includeUsage);
  }
}
