package dev.skipjack.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.skipjack.models.chat.ChatMessage;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** {@code POST /v1/chat/completions}. The model has no template, so ChatML stands in. */
class ChatTest extends ServedModel {
  private static final String QUESTION = "{\"role\": \"user\", \"content\": \"Tell me a story.\"}";

  private static String request(String messages, String more) {
    return "{\"messages\": [%s], \"temperature\": 0, \"max_tokens\": 12, %s}"
        .formatted(messages, more);
  }

  private JsonNode chat(String messages) {
    return server().answer(TestServer.CHAT, request(messages, "\"ignore_eos\": true"));
  }

  @Test
  void answersAsTheApiDoes() {
    JsonNode body = chat(QUESTION);

    assertThat(body.propertyNames())
        .containsExactly("id", "object", "created", "model", "choices", "usage");
    assertThat(body.get("id").stringValue()).startsWith("chatcmpl-");
    assertThat(body.get("object").stringValue()).isEqualTo("chat.completion");
    JsonNode choice = body.get("choices").get(0);
    assertThat(choice.propertyNames())
        .containsExactly("index", "message", "logprobs", "finish_reason");
    assertThat(choice.get("message").propertyNames()).containsExactly("role", "content");
    assertThat(choice.get("message").get("role").stringValue()).isEqualTo("assistant");
    assertThat(choice.get("finish_reason").stringValue()).isEqualTo("length");
  }

  @Test
  void asksByTheModelsChatFormat() {
    int[] prompt =
        model()
            .chatFormat()
            .encode(List.of(ChatMessage.system("Be kind."), ChatMessage.user("Tell me\na story.")));

    JsonNode body =
        chat(
            "{\"role\": \"developer\", \"content\": \"Be kind.\"}, {\"role\": \"user\","
                + " \"content\": [{\"type\": \"text\", \"text\": \"Tell me\"}, {\"type\": \"text\","
                + " \"text\": \"a story.\"}]}");

    assertThat(body.get("usage").get("prompt_tokens").intValue()).isEqualTo(prompt.length);
    assertThat(text(body)).isEqualTo(Alone.continuation(model(), prompt, 12));
  }

  @Test
  void takesCallsOfToolsAndTheirResults() {
    JsonNode body =
        server()
            .answer(
                TestServer.CHAT,
                request(
                    """
                    {"role": "user", "content": "How warm is it?", "name": "Ann"},
                    {"role": "assistant", "content": null, "reasoning_content": "I must look.",
                     "tool_calls": [{"id": "c1", "type": "function", "function":
                       {"name": "look", "arguments": "{\\"where\\": [\\"here\\", null]}"}}]},
                    {"role": "tool", "tool_call_id": "c1", "content": "20"}
                    """,
                    """
                    "tools": [{"type": "function", "function": {"name": "look",
                      "parameters": {"type": "object"}}}],
                    "chat_template_kwargs": {"enable_thinking": false, "nothing": null}
                    """));

    assertThat(body.get("usage").get("completion_tokens").intValue()).isPositive();
  }

  @Test
  void theDeltasOfAStreamAreTheText() {
    String whole = text(chat(QUESTION));

    List<JsonNode> events =
        server()
            .events(
                TestServer.CHAT,
                request(
                    QUESTION,
                    "\"ignore_eos\": true, \"stream\": true, \"stream_options\":"
                        + " {\"include_usage\": true}"));

    assertThat(events)
        .allSatisfy(
            event ->
                assertThat(event.get("object").stringValue()).isEqualTo("chat.completion.chunk"));
    assertThat(delta(events.getFirst()).toString())
        .isEqualTo("{\"role\":\"assistant\",\"content\":\"\"}");
    JsonNode last = events.get(events.size() - 2);
    assertThat(delta(last)).isEmpty();
    assertThat(last.get("choices").get(0).get("finish_reason").stringValue()).isEqualTo("length");
    assertThat(events.getLast().get("usage").get("completion_tokens").intValue()).isEqualTo(12);
    List<JsonNode> parts = events.subList(1, events.size() - 2);
    assertThat(parts)
        .allSatisfy(
            part -> assertThat(part.get("choices").get(0).get("finish_reason").isNull()).isTrue());
    assertThat(
            parts.stream()
                .map(part -> delta(part).get("content").stringValue())
                .collect(Collectors.joining()))
        .isEqualTo(whole);
  }

  @Test
  void aSecondTurnComputesOnlyWhatIsNew() {
    String opening = "{\"role\": \"user\", \"content\": \"Who lives in the blue house?\"}";
    JsonNode first = chat(opening);
    int held = first.get("usage").get("prompt_tokens").intValue();

    JsonNode second =
        chat(
            "%s, {\"role\": \"assistant\", \"content\": %s}, {\"role\": \"user\", \"content\":"
                    .formatted(opening, first.get("choices").get(0).get("message").get("content"))
                + " \"Why?\"}");

    JsonNode usage = second.get("usage");
    assertThat(usage.get("prompt_tokens_details").get("cached_tokens").intValue())
        .isGreaterThanOrEqualTo(held - 1)
        .isLessThan(usage.get("prompt_tokens").intValue());
  }

  @Test
  void stopsWhereChatMlEndsAMessage() {
    // The model never heard of ChatML; a stop string of the request stands beside the format's.
    JsonNode body =
        server()
            .answer(TestServer.CHAT, request(QUESTION, "\"stop\": [\"e\"], \"ignore_eos\": true"));

    assertThat(model().chatFormat().stopStrings()).containsExactly("<|im_end|>");
    assertThat(text(body)).doesNotContain("e");
    assertThat(body.get("choices").get(0).get("finish_reason").stringValue()).isEqualTo("stop");
  }

  private static JsonNode delta(JsonNode event) {
    return event.get("choices").get(0).get("delta");
  }

  private static String text(JsonNode body) {
    return body.get("choices").get(0).get("message").get("content").stringValue();
  }
}
