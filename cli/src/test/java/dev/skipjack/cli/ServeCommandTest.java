package dev.skipjack.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.skipjack.server.ServerOptions;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

@Timeout(120)
class ServeCommandTest {
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  /** The command on a thread of its own, which Ctrl-C would interrupt. */
  private static final class Running implements AutoCloseable {
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();
    private final FutureTask<Integer> exitCode;
    private final Thread thread;

    private Running(String... arguments) {
      Streams streams =
          new Streams(
              InputStream.nullInputStream(),
              out,
              new PrintStream(err, true, StandardCharsets.UTF_8));
      exitCode = new FutureTask<>(() -> Skipjack.run(streams, arguments));
      thread = Thread.ofPlatform().start(exitCode);
    }

    /** The object on standard output, once it is there. */
    private JsonNode ready() {
      long end = System.nanoTime() + PATIENCE.toNanos();
      while (!out.toString(StandardCharsets.UTF_8).endsWith("\n")) {
        assertThat(exitCode.isDone()).as(err::toString).isFalse();
        assertThat(System.nanoTime()).as("deadline").isLessThan(end);
        Thread.onSpinWait();
      }
      return new JsonMapper().readTree(out.toString(StandardCharsets.UTF_8));
    }

    private int interrupt() throws ExecutionException, InterruptedException {
      thread.interrupt();
      return exitCode.get();
    }

    @Override
    public void close() {
      thread.interrupt();
    }
  }

  @Test
  void answersUntilItIsInterrupted() throws Exception {
    try (Running running = new Running("serve", "--port", "0", "-t", "2", "--json");
        HttpClient client = HttpClient.newHttpClient()) {
      JsonNode ready = running.ready();
      assertThat(ready.propertyNames()).containsExactly("url", "model");
      assertThat(ready.get("model").stringValue()).isEqualTo("stories-relu2");
      String url = ready.get("url").stringValue();
      assertThat(url).matches("http://127\\.0\\.0\\.1:[1-9][0-9]*/");
      String body = "{\"prompt\": \"Once upon a time\", \"max_tokens\": 4, \"temperature\": 0}";

      HttpResponse<String> response =
          client.send(
              HttpRequest.newBuilder(URI.create(url + "v1/completions"))
                  .POST(BodyPublishers.ofString(body))
                  .build(),
              BodyHandlers.ofString());

      assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
      assertThat(running.interrupt()).isEqualTo(130);
      assertThat(running.err.toString(StandardCharsets.UTF_8).lines())
          .containsExactly(
              "skipjack: no -m given, using the bundled model stories-relu2",
              "skipjack: listening on %s (model stories-relu2); Ctrl-C stops".formatted(url));
      assertThat(
              catchThrowable(
                  () ->
                      client.send(
                          HttpRequest.newBuilder(URI.create(url + "health")).build(),
                          BodyHandlers.ofString())))
          .isInstanceOf(IOException.class);
    }
  }

  @Test
  void warnsWhenEveryoneMayUseIt() throws Exception {
    try (Running open =
        new Running("serve", "--host", "0.0.0.0", "--port", "0", "-t", "2", "--json")) {
      assertThat(open.ready().get("url").stringValue()).startsWith("http://0.0.0.0:");
      assertThat(open.interrupt()).isEqualTo(130);

      // A key in the test's environment would be one for the server as well.
      boolean guarded = System.getenv(ServeGroup.KEY_VARIABLE) != null;
      assertThat(open.err.toString().contains("warning: whoever reaches this machine"))
          .isEqualTo(!guarded);
    }
  }

  @Test
  void aKeyNeedsNoWarning() throws Exception {
    try (Running guarded =
        new Running(
            "serve", "--host", "0.0.0.0", "--port", "0", "-t", "2", "--json", "--api-key", "k")) {
      guarded.ready();

      assertThat(guarded.interrupt()).isEqualTo(130);
      assertThat(guarded.err.toString()).doesNotContain("warning");
    }
  }

  @Test
  void aPortInUseIsOneSentence() throws IOException {
    try (ServerSocket other = new ServerSocket(0, 1, InetAddress.ofLiteral("127.0.0.1"))) {
      String port = "" + other.getLocalPort();

      CommandRun run = CommandRun.of("serve", "--port", port, "-t", "2");

      assertThat(run.exitCode()).isEqualTo(1);
      assertThat(run.err())
          .isEqualTo(
              "skipjack: port %s: already in use; choose another with --port\n".formatted(port));
    }
  }

  @Test
  void nobodyWaitsForAModelThatCannotBeServed() throws IOException {
    try (ServerSocket other = new ServerSocket(0, 1, InetAddress.ofLiteral("127.0.0.1"))) {
      String port = "" + other.getLocalPort();

      CommandRun run = CommandRun.of("serve", "--port", port, "-m", "missing.gguf");

      assertThat(run.err()).startsWith("skipjack: port %s: already in use".formatted(port));
    }
  }

  @Test
  void anUnknownHostIsOneSentence() {
    CommandRun run = CommandRun.of("serve", "--host", "no.such.invalid", "-t", "2");

    assertThat(run.exitCode()).isEqualTo(1);
    assertThat(run.err())
        .isEqualTo("skipjack: host no.such.invalid: unknown; choose another with --host\n");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          --port 70000      | port: found 70000, expected 0 to 65535
          --port x          | 'x' is not an int
          --parallel 0      | parallel sessions: found 0, expected 1 or more
          --api-key schlüssel | API key: found blanks or characters that are not ASCII
          """)
  void explainsWrongUsage(String options, String message) {
    CommandRun run = CommandRun.of(("serve " + options).split(" "));

    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.err().lines()).singleElement().asString().contains(message);
  }

  @Test
  void takesTheKeyFromTheEnvironmentUnlessOneIsGiven() {
    Map<String, String> environment = Map.of(ServeGroup.KEY_VARIABLE, "from-environment");

    assertThat(options(environment).apiKey()).hasValue("from-environment");
    assertThat(options(environment, "--api-key", "given").apiKey()).hasValue("given");
    assertThat(options(Map.of()).apiKey()).isEmpty();
    assertThat(options(Map.of(ServeGroup.KEY_VARIABLE, "")).apiKey()).isEqualTo(Optional.empty());
  }

  private static ServerOptions options(Map<String, String> environment, String... arguments) {
    ServeGroup group = new ServeGroup();
    CommandLine.populateCommand(group, arguments);
    return group.options(environment);
  }

  @Test
  void helpsWithExamples() {
    CommandRun run = CommandRun.of("serve", "--help");

    assertThat(run.exitCode()).isZero();
    assertThat(run.out())
        .contains("Usage: skipjack serve", "Examples:", "--json", "--model=PATH", "--api-key=KEY");
  }
}
