package dev.skipjack.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** Everything beside the two endpoints that generate. */
class ServiceTest extends ServedModel {
  @Test
  void saysThatItIsThere() {
    HttpResponse<String> response = server().get("/health");

    assertThat(response.statusCode()).isEqualTo(200);
    assertThat(response.body()).isEqualTo("{\"status\":\"ok\"}");
    assertThat(response.headers().firstValue("Content-Type")).hasValue("application/json");
  }

  @Test
  void headsComeWithoutBodies() {
    HttpResponse<String> response =
        server().send(server().request("/health").method("HEAD", BodyPublishers.noBody()).build());

    assertThat(response.statusCode()).isEqualTo(200);
    assertThat(response.headers().firstValue("Content-Type")).hasValue("application/json");
    assertThat(response.body()).isEmpty();
  }

  @Test
  void listsTheOneModel() {
    JsonNode list = TestServer.json(server().get("/v1/models").body());

    assertThat(list.get("object").stringValue()).isEqualTo("list");
    assertThat(list.get("data")).hasSize(1);
    JsonNode model = list.get("data").get(0);
    assertThat(model.propertyNames()).containsExactly("id", "object", "created", "owned_by");
    assertThat(model.get("id").stringValue()).isEqualTo("stories-relu2");
    assertThat(TestServer.json(server().get("/v1/models/stories-relu2").body())).isEqualTo(model);
  }

  @Test
  void turnsTextIntoIdsAndBack() {
    JsonNode plain = server().answer("/tokenize", "{\"content\": \"Once 日本\"}").get("tokens");
    JsonNode begun =
        server()
            .answer("/tokenize", "{\"content\": \"Once 日本\", \"add_special\": true}")
            .get("tokens");

    assertThat(begun.size()).isEqualTo(plain.size() + 1);
    assertThat(begun.get(0).intValue()).isEqualTo(1);
    JsonNode text = server().answer("/detokenize", "{\"tokens\": %s}".formatted(begun));
    assertThat(text.get("content").stringValue()).isEqualTo("Once 日本");
  }

  @Test
  void refusesTokensThatAreNone() {
    for (String body : new String[] {"{}", "{\"tokens\": 1}", "{\"tokens\": [-1]}"}) {
      assertThat(server().post("/detokenize", body).statusCode()).as(body).isEqualTo(400);
    }
    assertThat(server().post("/tokenize", "{\"content\": 1}").statusCode()).isEqualTo(400);
  }

  @Test
  void servesAPageThatLoadsNothing() {
    HttpResponse<String> response = server().get("/");

    assertThat(response.statusCode()).isEqualTo(200);
    assertThat(response.headers().firstValue("Content-Type")).hasValue("text/html; charset=utf-8");
    assertThat(response.headers().firstValue("Content-Security-Policy").orElse(""))
        .contains("default-src 'none'", "connect-src 'self'");
    assertThat(response.body())
        .contains("/v1/chat/completions", "textContent")
        .doesNotContain("http://", "https://", "innerHTML");
  }

  @Test
  void countsWhatItDid() {
    String body = "{\"prompt\": \"A very new prompt\", \"max_tokens\": 5, \"ignore_eos\": true}";
    String before = server().get("/metrics").body();
    JsonNode usage = server().answer(TestServer.COMPLETIONS, body).get("usage");
    server().answer(TestServer.COMPLETIONS, body);
    server().post(TestServer.COMPLETIONS, "{}");
    server().get("/somewhere");

    String after = server().get("/metrics").body();

    int prompt = usage.get("prompt_tokens").intValue();
    String completions = "skipjack_requests_total{endpoint=\"/v1/completions\",status=\"%d\"}";
    assertThat(added(before, after, completions.formatted(200))).isEqualTo(2);
    assertThat(added(before, after, completions.formatted(400))).isEqualTo(1);
    assertThat(added(before, after, "skipjack_requests_total{endpoint=\"other\",status=\"404\"}"))
        .isEqualTo(1);
    assertThat(added(before, after, "skipjack_prompt_tokens_total")).isEqualTo(2 * prompt);
    assertThat(added(before, after, "skipjack_cached_prompt_tokens_total"))
        .isGreaterThanOrEqualTo(prompt - 1);
    assertThat(added(before, after, "skipjack_generated_tokens_total")).isEqualTo(10);
    assertThat(added(before, after, "skipjack_prefill_seconds_total")).isPositive();
    assertThat(added(before, after, "skipjack_decode_seconds_total")).isPositive();
    assertThat(value(after, "skipjack_requests_running")).isZero();
    assertThat(value(after, "skipjack_requests_waiting")).isZero();
    assertThat(after.lines())
        .allMatch(line -> line.matches("# (HELP|TYPE) skipjack_[a-z_]+ .+|skipjack_\\S+ [0-9.]+"));
  }

  private static double added(String before, String after, String name) {
    return value(after, name) - value(before, name);
  }

  private static double value(String metrics, String name) {
    return Arrays.stream(metrics.split("\n"))
        .filter(line -> line.startsWith(name + " "))
        .mapToDouble(line -> Double.parseDouble(line.substring(name.length() + 1)))
        .findFirst()
        .orElse(0);
  }
}
