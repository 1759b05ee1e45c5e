package dev.skipjack.server.http;

import com.sun.net.httpserver.HttpExchange;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.function.IntConsumer;
import tools.jackson.core.JacksonException;
import tools.jackson.core.TokenStreamLocation;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** One request and its response, on the thread that handles it. */
public final class Call {
  private static final JsonMapper JSON = new JsonMapper();
  private static final String JSON_TYPE = "application/json";

  /** Most bytes of a body. */
  private static final int BODY_LIMIT = 16 << 20;

  private final HttpExchange exchange;
  private final IntConsumer outcome;
  private int status;

  /**
   * @param outcome hears the status before the client does, who may ask about it at once
   */
  Call(HttpExchange exchange, IntConsumer outcome) {
    this.exchange = exchange;
    this.outcome = outcome;
  }

  /** The decoded path; empty if the request names something else. */
  public String path() {
    return path(exchange);
  }

  static String path(HttpExchange exchange) {
    return Optional.ofNullable(exchange.getRequestURI().getPath()).orElse("");
  }

  /** The status that was sent; 0 before that. */
  public int status() {
    return status;
  }

  /**
   * The body, a JSON object.
   *
   * @throws ApiException if it is something else or too large
   */
  public ObjectNode object() throws IOException {
    byte[] bytes = bytes();
    try {
      JsonNode body = JSON.readTree(bytes);
      if (body instanceof ObjectNode object) {
        return object;
      }
      throw new ApiException(
          ErrorKind.INVALID,
          "body: found %s, expected a JSON object"
              .formatted(bytes.length == 0 ? "nothing" : "other JSON"));
    } catch (JacksonException e) {
      TokenStreamLocation at = e.getLocation();
      throw new ApiException(
          ErrorKind.INVALID,
          "body: found malformed JSON at line %d, column %d, expected a JSON object"
              .formatted(at == null ? 1 : at.getLineNr(), at == null ? 1 : at.getColumnNr()));
    }
  }

  private byte[] bytes() throws IOException {
    InputStream in = exchange.getRequestBody();
    byte[] bytes = in.readNBytes(BODY_LIMIT);
    if (in.read() >= 0) {
      // Most clients read the answer only after they have sent everything.
      discard(in);
      throw new ApiException(
          ErrorKind.TOO_LARGE,
          "body: found more than %d bytes, expected at most that".formatted(BODY_LIMIT));
    }
    return bytes;
  }

  private static void discard(InputStream in) throws IOException {
    byte[] buffer = new byte[1 << 16];
    int left = BODY_LIMIT;
    for (int read = 0; read >= 0 && left > 0; left -= read) {
      read = in.read(buffer);
    }
  }

  /** Answers with JSON. */
  public void json(JsonNode body) throws IOException {
    send(200, JSON_TYPE, JSON.writeValueAsBytes(body));
  }

  /** Answers with text. */
  public void text(String type, String body) throws IOException {
    send(200, type, body.getBytes(StandardCharsets.UTF_8));
  }

  /** Adds a header to the response. */
  public Call header(String name, String value) {
    exchange.getResponseHeaders().set(name, value);
    return this;
  }

  /** Answers without a body. */
  public void empty() throws IOException {
    begin(204);
    exchange.sendResponseHeaders(status, -1);
  }

  /** Begins an answer of server-sent events. */
  public EventStream events() throws IOException {
    header("Content-Type", "text/event-stream; charset=utf-8").header("Cache-Control", "no-cache");
    begin(200);
    exchange.sendResponseHeaders(status, 0);
    return new EventStream(exchange.getResponseBody(), JSON);
  }

  /** Answers with a failure. */
  void fail(ApiException failure) throws IOException {
    send(failure.kind().status(), JSON_TYPE, JSON.writeValueAsBytes(failure.body()));
  }

  private void begin(int code) {
    status = code;
    outcome.accept(code);
  }

  private void send(int code, String type, byte[] body) throws IOException {
    header("Content-Type", type);
    begin(code);
    if (exchange.getRequestMethod().equals("HEAD")) {
      exchange.sendResponseHeaders(code, -1);
      return;
    }
    exchange.sendResponseHeaders(code, body.length == 0 ? -1 : body.length);
    exchange.getResponseBody().write(body);
  }
}
