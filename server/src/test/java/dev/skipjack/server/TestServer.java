package dev.skipjack.server;

import dev.skipjack.inference.LanguageModel;
import dev.skipjack.inference.LoadOptions;
import dev.skipjack.server.schedule.SessionPool;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A server on a free port, its sessions, and a client that talks to it. */
final class TestServer implements AutoCloseable {
  static final String CHAT = "/v1/chat/completions";
  static final String COMPLETIONS = "/v1/completions";
  static final ServerOptions OPTIONS = ServerOptions.DEFAULTS.withPort(0);

  private static final JsonMapper JSON = new JsonMapper();

  private final ModelServer server;
  private final SessionPool sessions;
  private final HttpClient client = HttpClient.newHttpClient();

  TestServer(LanguageModel model) {
    this(model, OPTIONS);
  }

  TestServer(LanguageModel model, ServerOptions options) {
    try {
      this.sessions = new SessionPool(model, options.parallel(), options.queue());
      this.server = ModelServer.start(model, options, sessions);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The bundled model with a context in which answers can take long. */
  static LanguageModel model() {
    return LanguageModel.bundled(LoadOptions.DEFAULTS.withThreads(2).withContextLength(1 << 14));
  }

  static JsonNode json(String text) {
    return JSON.readTree(text);
  }

  ModelServer server() {
    return server;
  }

  SessionPool sessions() {
    return sessions;
  }

  URI uri(String path) {
    return URI.create("http://127.0.0.1:" + server.address().getPort() + path);
  }

  HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(uri(path));
  }

  HttpResponse<String> send(HttpRequest request) {
    try {
      return client.send(request, BodyHandlers.ofString());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  HttpResponse<String> get(String path) {
    return send(request(path).build());
  }

  HttpResponse<String> post(String path, String body) {
    return send(request(path).POST(BodyPublishers.ofString(body)).build());
  }

  /** The JSON of an answer that has to be one. */
  JsonNode answer(String path, String body) {
    HttpResponse<String> response = post(path, body);
    if (response.statusCode() != 200) {
      throw new AssertionError(response.statusCode() + ": " + response.body());
    }
    return json(response.body());
  }

  /** The events of a stream, without the last line that says that it is whole. */
  List<JsonNode> events(String path, String body) {
    HttpResponse<String> response = post(path, body);
    if (!response.body().endsWith("data: [DONE]\n\n")) {
      throw new AssertionError(response.statusCode() + ": " + response.body());
    }
    return events(response.body().replace("data: [DONE]\n\n", ""));
  }

  static List<JsonNode> events(String body) {
    List<JsonNode> events = new ArrayList<>();
    for (String event : body.split("\n\n")) {
      if (event.startsWith("data: ")) {
        events.add(json(event.substring("data: ".length())));
      }
    }
    return events;
  }

  /** A response whose body is read while it arrives. */
  HttpResponse<InputStream> open(String path, String body) {
    try {
      return client.send(
          request(path).POST(BodyPublishers.ofString(body)).build(), BodyHandlers.ofInputStream());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public void close() {
    client.shutdownNow();
    server.close();
  }
}
