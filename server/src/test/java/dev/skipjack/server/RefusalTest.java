package dev.skipjack.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpResponse;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

/** Requests that cannot be answered: a status, one sentence, the field at fault. */
class RefusalTest extends ServedModel {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          `{"prompt": "a", "max_tokens": "x"}`        | max_tokens        | max_tokens: found "x", expected a whole number from -1 to 2147483647
          `{"prompt": "a", "max_tokens": -2}`         | max_tokens        | found -2
          `{"prompt": "a", "max_tokens": 1.5}`        | max_tokens        | found 1.5
          `{"prompt": "a", "max_tokens": 9999999999}` | max_tokens        | found 9999999999
          `{"prompt": "a", "temperature": -1}`        | temperature       | temperature: found -1, expected a number from 0
          `{"prompt": "a", "temperature": 1e99}`      | temperature       | expected a number from 0
          `{"prompt": "a", "temperature": true}`      | temperature       | found true
          `{"prompt": "a", "top_p": 0}`               | top_p             | found 0, expected a number above 0 and at most 1
          `{"prompt": "a", "top_k": -1}`              | top_k             | found -1
          `{"prompt": "a", "min_p": 1}`               | min_p             | found 1
          `{"prompt": "a", "repeat_penalty": 0}`      | repeat_penalty    | found 0
          `{"prompt": "a", "seed": 1.5}`              | seed              | found 1.5, expected a whole number
          `{"prompt": "a", "stop": 5}`                | stop              | found 5, expected a string or an array of strings
          `{"prompt": "a", "stop": ["a", 5]}`         | stop[1]           | found 5, expected a string
          `{"prompt": "a", "stop": ""}`               | stop              | found an empty string
          `{"prompt": "a", "stream": "yes"}`          | stream            | found "yes", expected true or false
          `{"prompt": "a", "stream_options": 1}`      | stream_options    | found 1, expected an object
          `{"prompt": "a", "stream_options": {"include_usage": 1}}` | stream_options.include_usage | found 1
          `{"prompt": "a", "n": 2}`                   | n                 | found 2, expected 1
          `{"prompt": "a", "logprobs": 5}`            | logprobs          | found 5, expected false
          `{"prompt": "a", "echo": true}`             | echo              | found true
          `{"prompt": "a", "suffix": "b"}`            | suffix            | found "b"
          `{"prompt": "a", "logit_bias": {"1": 5}}`   | logit_bias        | found an object
          `{"prompt": "a", "presence_penalty": 0.5}`  | presence_penalty  | found 0.5, expected 0; use repeat_penalty
          `{"prompt": "a", "response_format": {"type": "json_object"}}` | response_format | expected {"type": "text"}
          `{"prompt": "a", "model": 5}`               | model             | found 5, expected a string
          `{}`                                        | prompt            | found nothing
          `{"prompt": 5}`                             | prompt            | found 5
          `{"prompt": []}`                            | prompt            | found no tokens
          `{"prompt": ["a", "b"]}`                    | prompt            | expected one prompt
          `{"prompt": [1, 99999]}`                    | prompt[1]         | found 99999, expected a token id from 0 to 2047
          `{"prompt": [1, "a"]}`                      | prompt[1]         | found "a"
          """)
  void completionsSayWhichFieldIsWrong(String body, String parameter, String message) {
    assertRefused(server().post(TestServer.COMPLETIONS, body), 400, parameter, message);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          `{}`                                         | messages                 | found none
          `{"messages": []}`                           | messages                 | found none, expected at least one
          `{"messages": "a"}`                          | messages                 | found "a", expected an array
          `{"messages": ["a"]}`                        | messages[0]              | found "a", expected an object
          `{"messages": [{"content": "a"}]}`           | messages[0].role         | found nothing
          `{"messages": [{"role": "king"}]}`           | messages[0].role         | found "king", expected system, developer, user, assistant or tool
          `{"messages": [{"role": 5}]}`                | messages[0].role         | found 5
          `{"messages": [{"role": "user", "content": 5}]}` | messages[0].content  | found 5
          `{"messages": [{"role": "user", "content": [{"type": "image_url"}]}]}` | messages[0].content[0].type | found "image_url", expected "text"
          `{"messages": [{"role": "user", "content": [{"type": "text"}]}]}` | messages[0].content[0].text | found nothing
          `{"messages": [{"role": "user", "content": ["a"]}]}` | messages[0].content[0] | found "a"
          `{"messages": [{"role": "assistant", "tool_calls": [{}]}]}` | messages[0].tool_calls[0].function | found nothing
          `{"messages": [{"role": "assistant", "tool_calls": [{"function": {"name": "f", "arguments": "{"}}]}]}` | messages[0].tool_calls[0].function.arguments | expected a JSON object in a string
          `{"messages": [{"role": "assistant", "tool_calls": [{"function": {"name": "f", "arguments": "[]"}}]}]}` | messages[0].tool_calls[0].function.arguments | found an array, expected an object
          `{"messages": [{"role": "user", "content": "a"}], "tools": [5]}` | tools[0] | found 5
          `{"messages": [{"role": "user", "content": "a"}], "chat_template_kwargs": 5}` | chat_template_kwargs | found 5
          `{"messages": [{"role": "user", "content": "a"}], "tool_choice": "required"}` | tool_choice | found "required"
          `{"messages": [{"role": "user", "content": "a"}], "logprobs": true}` | logprobs | found true
          `{"messages": [{"role": "user", "content": "a"}], "max_completion_tokens": "x"}` | max_completion_tokens | found "x"
          """)
  void chatsSayWhichFieldIsWrong(String body, String parameter, String message) {
    assertRefused(server().post(TestServer.CHAT, body), 400, parameter, message);
  }

  @Test
  void moreThanSixteenStopStringsAreTooMany() {
    String stops =
        IntStream.range(0, 17).mapToObj(i -> "\"s" + i + "\"").collect(Collectors.joining(","));

    assertRefused(
        server().post(TestServer.COMPLETIONS, "{\"prompt\": \"a\", \"stop\": [" + stops + "]}"),
        400,
        "stop",
        "stop: found 17 strings, expected at most 16");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          ``                  | found nothing
          `[1]`               | found other JSON
          `{"prompt": `       | malformed JSON at line 1, column
          `{"prompt": "a"} x` | malformed JSON
          """)
  void aBodyThatIsNoObjectIsRefused(String body, String message) {
    assertRefused(server().post(TestServer.COMPLETIONS, body), 400, "", message);
  }

  @Test
  void deepJsonIsRefusedLikeOtherMalformedJson() {
    assertRefused(
        server().post(TestServer.COMPLETIONS, "{\"a\":" + "[".repeat(100_000)),
        400,
        "",
        "malformed JSON");
  }

  @Test
  void aPromptLongerThanTheContextIsRefused() {
    int tokens = model().contextLength() + 1;
    String prompt = "[" + "1,".repeat(tokens - 1) + "1]";

    HttpResponse<String> response =
        server().post(TestServer.COMPLETIONS, "{\"prompt\": " + prompt + ", \"stream\": true}");

    assertRefused(
        response,
        400,
        "prompt",
        "prompt: found %d tokens, expected at most %d, the context".formatted(tokens, tokens - 1));
    assertThat(error(response).get("code").stringValue()).isEqualTo("context_length_exceeded");
  }

  @Test
  void aBodyOverTheLimitIsRefused() {
    HttpResponse<String> response =
        server().post("/tokenize", "{\"content\": \"" + "a".repeat(17 << 20) + "\"}");

    assertRefused(response, 413, "", "body: found more than 16777216 bytes");
  }

  @Test
  void unknownPathsAndModelsAreNotFound() {
    assertRefused(server().get("/v2"), 404, "", "path: found /v2");
    assertRefused(server().get("/v1/models/other"), 404, "model", "expected \"stories-relu2\"");
  }

  @Test
  void otherMethodsAreToldWhichAreAllowed() {
    HttpResponse<String> chat = server().get(TestServer.CHAT);
    HttpResponse<String> health = server().post("/health", "");

    assertRefused(
        chat, 405, "", "method: found GET, expected POST, OPTIONS for " + TestServer.CHAT);
    assertThat(chat.headers().firstValue("Allow")).hasValue("POST, OPTIONS");
    assertRefused(health, 405, "", "method: found POST");
    assertThat(health.headers().firstValue("Allow")).hasValue("GET, HEAD, OPTIONS");
  }

  private static void assertRefused(
      HttpResponse<String> response, int status, String parameter, String message) {
    assertThat(response.statusCode()).as(response.body()).isEqualTo(status);
    JsonNode error = error(response);
    assertThat(error.propertyNames()).containsExactly("message", "type", "param", "code");
    assertThat(error.get("message").stringValue()).contains(message).doesNotContain("\n");
    assertThat(error.get("type").stringValue()).isEqualTo("invalid_request_error");
    assertThat(error.get("param").asString("")).isEqualTo(parameter);
  }

  private static JsonNode error(HttpResponse<String> response) {
    return TestServer.json(response.body()).get("error");
  }
}
