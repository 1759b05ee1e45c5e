package dev.skipjack.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.skipjack.inference.LanguageModel;
import java.io.IOException;
import java.net.Socket;
import java.net.UnknownHostException;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Who may use a server: keys, and pages of other sites. */
class AccessTest extends ServedModel {
  private static final String KEY = "secret-key";

  @Test
  void aKeyOpensEverythingAndSomeIsOpenWithout() {
    try (TestServer guarded = new TestServer(model(), TestServer.OPTIONS.withApiKey(KEY))) {
      assertThat(withAuthorization(guarded, "Bearer " + KEY)).isEqualTo(200);
      assertThat(withAuthorization(guarded, "bearer " + KEY)).isEqualTo(200);
      assertThat(withAuthorization(guarded, "Bearer " + KEY + "x")).isEqualTo(401);
      assertThat(withAuthorization(guarded, "Bearer ")).isEqualTo(401);
      assertThat(withAuthorization(guarded, "Basic " + KEY)).isEqualTo(401);
      for (String path : new String[] {"/health", "/"}) {
        assertThat(guarded.get(path).statusCode()).as(path).isEqualTo(200);
      }
      for (String path : new String[] {"/metrics", "/v1/models", TestServer.CHAT, "/nowhere"}) {
        HttpResponse<String> response = guarded.get(path);
        assertThat(response.statusCode()).as(path).isEqualTo(401);
        assertThat(response.headers().firstValue("WWW-Authenticate")).hasValue("Bearer");
        assertThat(TestServer.json(response.body()).get("error").toString())
            .contains("authentication_error", "invalid_api_key", "found no API key")
            .doesNotContain(KEY);
      }
    }
  }

  private static int withAuthorization(TestServer server, String value) {
    HttpRequest request = server.request("/v1/models").header("Authorization", value).build();
    return server.send(request).statusCode();
  }

  @ParameterizedTest
  @CsvSource({
    "127.0.0.1:PORT, 200",
    "localhost:PORT, 200",
    "LOCALHOST, 200",
    "127.0.0.1, 200",
    "127.9.9.9:80, 200",
    "[::1]:PORT, 200",
    "evil.example:PORT, 403",
    "127.0.0.1.evil.example, 403",
    "localhost.evil.example, 403",
    "localhost@evil.example, 403",
    "192.168.0.1, 403",
    "evil example, 403"
  })
  void aLoopbackServerAnswersToLoopbackNamesOnly(String host, int status) throws IOException {
    String response = raw(host, "");

    assertThat(response).startsWith("HTTP/1.1 " + status);
  }

  @ParameterizedTest
  @CsvSource({
    "http://127.0.0.1:PORT, 200",
    "https://127.0.0.1:PORT, 200",
    "http://127.0.0.1:1, 403",
    "http://evil.example, 403",
    "null, 403"
  })
  void pagesOfOtherSitesAreRefused(String origin, int status) throws IOException {
    String response = raw("127.0.0.1:PORT", "Origin: " + origin + "\r\n");

    assertThat(response)
        .startsWith("HTTP/1.1 " + status)
        .doesNotContainIgnoringCase("Access-Control-Allow");
  }

  /** A request whose Host header is the test's own choice. */
  private String raw(String host, String more) throws IOException {
    int port = server().server().address().getPort();
    String request =
        "GET /health HTTP/1.1\r\nHost: %s\r\n%sConnection: close\r\n\r\n".formatted(host, more);
    try (Socket socket = new Socket("127.0.0.1", port)) {
      socket
          .getOutputStream()
          .write(request.replace("PORT", "" + port).getBytes(StandardCharsets.US_ASCII));
      return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  @Test
  void optionsNamesTheMethodsAndAllowsNoOtherSite() {
    HttpResponse<String> response =
        server()
            .send(
                server()
                    .request(TestServer.CHAT)
                    .method("OPTIONS", BodyPublishers.noBody())
                    .build());

    assertThat(response.statusCode()).isEqualTo(204);
    assertThat(response.headers().firstValue("Allow")).hasValue("POST, OPTIONS");
    assertThat(response.headers().map()).doesNotContainKey("access-control-allow-origin");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "with blank", "with\nline", "schlüssel"})
  void keysThatNoHeaderCanCarryAreRefused(String key) {
    assertThat(catchThrowable(() -> ServerOptions.DEFAULTS.withApiKey(key)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("API key: found ");
  }

  @Test
  void theKeyStaysOutOfText() {
    assertThat(ServerOptions.DEFAULTS.withApiKey(KEY)).asString().doesNotContain(KEY);
  }

  @Test
  void anUnknownHostIsReported() {
    LanguageModel model = model();

    assertThat(
            catchThrowable(
                () -> ModelServer.start(model, TestServer.OPTIONS.withHost("no.such.invalid"))))
        .isInstanceOf(UnknownHostException.class);
  }
}
