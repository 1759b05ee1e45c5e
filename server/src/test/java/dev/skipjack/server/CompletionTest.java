package dev.skipjack.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** {@code POST /v1/completions}; the expected text is that of independent implementations. */
class CompletionTest extends ServedModel {
  private static final String GREEDY = " She loved to play with her toys and";

  private JsonNode complete(String more) {
    return server()
        .answer(
            TestServer.COMPLETIONS,
            "{\"prompt\": \"%s\", \"temperature\": 0, %s}".formatted(PROMPT, more));
  }

  @Test
  void answersAsTheApiDoes() {
    JsonNode body = complete("\"max_tokens\": 8, \"model\": \"any\", \"unknown\": [1]");

    assertThat(body.propertyNames())
        .containsExactly("id", "object", "created", "model", "choices", "usage");
    assertThat(body.get("id").stringValue()).startsWith("cmpl-");
    assertThat(body.get("object").stringValue()).isEqualTo("text_completion");
    assertThat(body.get("created").longValue()).isPositive();
    assertThat(body.get("model").stringValue()).isEqualTo("any");
    assertThat(body.get("choices").toString())
        .isEqualTo(
            "[{\"index\":0,\"text\":\"%s\",\"logprobs\":null,\"finish_reason\":\"length\"}]"
                .formatted(GREEDY));
    JsonNode usage = body.get("usage");
    assertThat(usage.get("prompt_tokens").intValue()).isEqualTo(14);
    assertThat(usage.get("completion_tokens").intValue()).isEqualTo(8);
    assertThat(usage.get("total_tokens").intValue()).isEqualTo(22);
    assertThat(usage.get("prompt_tokens_details").get("cached_tokens").isInt()).isTrue();
  }

  @Test
  void namesTheModelAndTakesSixteenTokensUnlessAsked() {
    JsonNode body = complete("\"stream\": null");

    assertThat(body.get("model").stringValue()).isEqualTo("stories-relu2");
    assertThat(body.get("usage").get("completion_tokens").intValue()).isEqualTo(16);
  }

  @Test
  void takesTokenIds() {
    JsonNode body =
        server()
            .answer(
                TestServer.COMPLETIONS,
                "{\"prompt\": [1,429,438,261,399,1997,401,286,261,393,467,414,379,1989],"
                    + " \"temperature\": 0, \"max_tokens\": 8}");

    assertThat(text(body)).isEqualTo(GREEDY);
  }

  @Test
  void stopsBeforeAnyOfTheStopStrings() {
    JsonNode one = complete("\"stop\": \"play\"");
    JsonNode several = complete("\"stop\": [\"never\", \"to p\"]");

    assertThat(text(one)).isEqualTo(" She loved to ");
    assertThat(one.get("choices").get(0).get("finish_reason").stringValue()).isEqualTo("stop");
    assertThat(text(several)).isEqualTo(" She loved ");
  }

  @Test
  void aSecondRequestFindsThePromptInTheSession() {
    String body = "{\"prompt\": \"The dog and the cat %s\", \"temperature\": 0, \"max_tokens\": 4}";
    JsonNode first = server().answer(TestServer.COMPLETIONS, body.formatted("went home."));
    JsonNode second = server().answer(TestServer.COMPLETIONS, body.formatted("went home."));

    assertThat(cached(second)).isEqualTo(first.get("usage").get("prompt_tokens").intValue() - 1);
    assertThat(text(second)).isEqualTo(text(first));
  }

  @Test
  void aPenaltyForRepeatingCountsWhatTheSessionHolds() {
    String body =
        "{\"prompt\": \"Once there was a dog who liked the dog and the dog\", \"max_tokens\": 12,"
            + " \"temperature\": 0, \"repeat_penalty\": 1.8}";
    JsonNode computed = server().answer(TestServer.COMPLETIONS, body);
    JsonNode held = server().answer(TestServer.COMPLETIONS, body);

    assertThat(cached(held)).isGreaterThan(cached(computed));
    assertThat(text(held)).isEqualTo(text(computed));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "\"temperature\": 0",
        "\"temperature\": 1.5, \"seed\": 7",
        "\"temperature\": 0.9, \"seed\": -3, \"top_k\": 20, \"top_p\": 0.9, \"min_p\": 0.01",
        "\"temperature\": 0, \"repeat_penalty\": 1.3",
        // Nearly every token is as likely as any other, bytes of characters among them.
        "\"temperature\": 60, \"top_k\": 0, \"top_p\": 1, \"min_p\": 0, \"seed\": 5"
      })
  void theDeltasOfAStreamAreTheText(String sampling) {
    String body =
        "{\"prompt\": \"%s\", \"max_tokens\": 60, \"ignore_eos\": true, %s"
            .formatted(PROMPT, sampling);
    String whole = text(server().answer(TestServer.COMPLETIONS, body + "}"));

    List<JsonNode> events = server().events(TestServer.COMPLETIONS, body + ", \"stream\": true}");

    assertThat(events.stream().map(CompletionTest::text).collect(Collectors.joining()))
        .isEqualTo(whole)
        .isNotEmpty();
    assertThat(events.size()).isGreaterThan(10);
    assertThat(events)
        .allSatisfy(
            event -> {
              assertThat(event.get("object").stringValue()).isEqualTo("text_completion");
              assertThat(event.get("id")).isEqualTo(events.getFirst().get("id"));
              assertThat(event.has("usage")).isFalse();
            });
    assertThat(events.stream().map(event -> event.get("choices").get(0).get("finish_reason")))
        .filteredOn(reason -> !reason.isNull())
        .singleElement()
        .satisfies(reason -> assertThat(reason.stringValue()).isEqualTo("length"));
  }

  @Test
  void aStreamTellsTheUsageIfAsked() {
    List<JsonNode> events =
        server()
            .events(
                TestServer.COMPLETIONS,
                "{\"prompt\": [1, 429], \"max_tokens\": 3, \"ignore_eos\": true, \"stream\": true,"
                    + " \"stream_options\": {\"include_usage\": true}}");

    assertThat(events.getLast().get("choices")).isEmpty();
    assertThat(events.getLast().get("usage").get("total_tokens").intValue()).isEqualTo(5);
    assertThat(events.subList(0, events.size() - 1))
        .allSatisfy(event -> assertThat(event.get("usage").isNull()).isTrue());
  }

  @Test
  void equalSeedsGiveEqualText() {
    String body = "{\"prompt\": \"The sun\", \"max_tokens\": 24, \"seed\": %d}";
    String first = text(server().answer(TestServer.COMPLETIONS, body.formatted(11)));

    assertThat(text(server().answer(TestServer.COMPLETIONS, body.formatted(11)))).isEqualTo(first);
    assertThat(text(server().answer(TestServer.COMPLETIONS, body.formatted(12))))
        .isNotEqualTo(first);
  }

  @Test
  void aPromptOfSeveralBatchesIsContinuedAsInOnePiece() {
    int[] prompt = new int[model().batchLength() * 2 + 1];
    Arrays.setAll(prompt, i -> i == 0 ? 1 : 300 + i * 7 % 900);
    String body =
        "{\"prompt\": %s, \"max_tokens\": 12, \"temperature\": 0, \"ignore_eos\": true}"
            .formatted(Arrays.toString(prompt));

    assertThat(text(server().answer(TestServer.COMPLETIONS, body)))
        .isEqualTo(Alone.continuation(model(), prompt, 12));
  }

  private static int cached(JsonNode body) {
    return body.get("usage").get("prompt_tokens_details").get("cached_tokens").intValue();
  }

  private static String text(JsonNode body) {
    return body.get("choices").get(0).get("text").stringValue();
  }
}
