package dev.skipjack.bench.compare;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * What one process measured in one test.
 *
 * @param test {@code pp512}, {@code tg128}
 * @param samples tokens per second
 */
record TestSamples(String test, List<Double> samples) {
  private static final JsonMapper JSON = new JsonMapper();

  TestSamples {
    samples = List.copyOf(samples);
  }

  /**
   * Reads {@code {"results": [{"n_prompt", "n_gen", "samples_ts"}]}}, or the bare array that
   * llama-bench prints.
   *
   * @throws IOException if it is neither
   */
  static List<TestSamples> parse(String label, String output) throws IOException {
    JsonNode root = read(label, output);
    JsonNode results = root.isArray() ? root : root.path("results");
    List<TestSamples> tests = new ArrayList<>();
    for (JsonNode result : results) {
      List<Double> samples = new ArrayList<>();
      result.path("samples_ts").forEach(sample -> samples.add(sample.asDouble()));
      if (samples.isEmpty() || !result.has("n_prompt") || !result.has("n_gen")) {
        throw new IOException(
            "%s: found a result %s, expected n_prompt, n_gen and samples_ts"
                .formatted(label, result));
      }
      tests.add(new TestSamples(name(result), samples));
    }
    if (tests.isEmpty()) {
      throw new IOException("%s: found no results in its JSON".formatted(label));
    }
    return tests;
  }

  private static JsonNode read(String label, String output) throws IOException {
    try {
      return JSON.readTree(output);
    } catch (JacksonException e) {
      throw new IOException(
          "%s: found output that is not JSON: %s".formatted(label, e.getOriginalMessage()), e);
    }
  }

  private static String name(JsonNode result) {
    int prompt = result.path("n_prompt").asInt();
    return prompt > 0 ? "pp" + prompt : "tg" + result.path("n_gen").asInt();
  }
}
