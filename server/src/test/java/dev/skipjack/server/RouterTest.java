package dev.skipjack.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import dev.skipjack.models.chat.ChatFormat;
import dev.skipjack.models.chat.ChatTemplates;
import dev.skipjack.server.api.Answering;
import dev.skipjack.server.api.ChatEndpoint;
import dev.skipjack.server.http.AccessGuard;
import dev.skipjack.server.http.ApiException;
import dev.skipjack.server.http.Endpoint;
import dev.skipjack.server.http.ErrorKind;
import dev.skipjack.server.http.EventStream;
import dev.skipjack.server.http.Route;
import dev.skipjack.server.http.Router;
import dev.skipjack.server.metrics.Metrics;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;

/** What the bundled model cannot be brought to, with endpoints of the test's own. */
class RouterTest extends ServedModel {
  @TempDir private Path directory;

  /** Answers one request by one endpoint. */
  private static HttpResponse<String> ask(Endpoint endpoint, Metrics metrics, String body)
      throws IOException, InterruptedException {
    HttpServer http =
        HttpServer.create(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 0), 0);
    Route route = Route.post("/it", endpoint);
    http.createContext(
        "/",
        new Router(List.of(route), new AccessGuard(Optional.empty(), Optional.empty()), metrics));
    http.start();
    try (HttpClient client = HttpClient.newHttpClient()) {
      return client.send(
          HttpRequest.newBuilder(
                  URI.create("http://127.0.0.1:%d/it".formatted(http.getAddress().getPort())))
              .POST(BodyPublishers.ofString(body))
              .build(),
          BodyHandlers.ofString());
    } finally {
      http.stop(0);
    }
  }

  @Test
  void aFailureInsideIsOnePlainSentenceAndGoesIntoTheLog() throws Exception {
    Logger logger = Logger.getLogger("dev.skipjack.server");
    List<LogRecord> logged = new CopyOnWriteArrayList<>();
    Handler listener =
        new Handler() {
          @Override
          public void publish(LogRecord entry) {
            logged.add(entry);
          }

          @Override
          public void flush() {}

          @Override
          public void close() {}
        };
    logger.addHandler(listener);
    logger.setUseParentHandlers(false);
    Metrics metrics = new Metrics();
    try {
      HttpResponse<String> response =
          ask(
              call -> {
                throw new IllegalStateException("secret");
              },
              metrics,
              "{}");

      assertThat(response.statusCode()).isEqualTo(500);
      assertThat(response.body())
          .isEqualTo(
              "{\"error\":{\"message\":\"the request failed inside the server, whose log says"
                  + " why\",\"type\":\"server_error\",\"param\":null,\"code\":null}}");
      assertThat(logged)
          .singleElement()
          .satisfies(
              entry ->
                  assertThat(entry.getMessage())
                      .isEqualTo("/it: java.lang.IllegalStateException: secret"));
    } finally {
      logger.removeHandler(listener);
      logger.setUseParentHandlers(true);
    }
  }

  @Test
  void charactersOfSeveralBytesArriveWhole() throws Exception {
    Endpoint pieces =
        call -> {
          EventStream events = call.events();
          for (String piece : List.of("日本", " é ", "🎈", "\u2028\n")) {
            events.ping();
            events.send(JsonNodeFactory.instance.objectNode().put("piece", piece));
          }
          events.done();
        };

    HttpResponse<String> response = ask(pieces, new Metrics(), "{}");

    assertThat(
            TestServer.events(response.body().replace("data: [DONE]\n\n", "")).stream()
                .map(event -> event.get("piece").stringValue()))
        .containsExactly("日本", " é ", "🎈", "\u2028\n");
  }

  @Test
  void anAnswerThatBeganIsCutShort() throws Exception {
    Endpoint half =
        call -> {
          call.events().send(JsonNodeFactory.instance.objectNode().put("half", true));
          throw new ApiException(ErrorKind.INVALID, "too late for a status");
        };

    HttpResponse<String> response = ask(half, new Metrics(), "{}");

    assertThat(response.statusCode()).isEqualTo(200);
    assertThat(response.body()).isEqualTo("data: {\"half\":true}\n\n");
  }

  @Test
  void aTemplateThatRefusesIsTheClientsFault() throws Exception {
    Files.writeString(
        directory.resolve("chat_template.jinja"),
        "{{ raise_exception('only questions, please') }}");
    ChatFormat format = new ChatFormat(ChatTemplates.find(directory), model().tokenizer());
    Metrics metrics = new Metrics();
    Endpoint chat =
        new ChatEndpoint(new Answering(model(), server().sessions(), metrics), format, "model");

    HttpResponse<String> response =
        ask(chat, metrics, "{\"messages\": [{\"role\": \"user\", \"content\": \"Hi\"}]}");

    assertThat(response.statusCode()).isEqualTo(400);
    JsonNode error = TestServer.json(response.body()).get("error");
    assertThat(error.get("param").stringValue()).isEqualTo("messages");
    assertThat(error.get("message").stringValue()).contains("only questions, please");
    assertThat(format.stopStrings()).isEmpty();
  }
}
