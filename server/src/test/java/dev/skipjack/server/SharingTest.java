package dev.skipjack.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.skipjack.inference.GenerationListener;
import dev.skipjack.inference.GenerationRequest;
import dev.skipjack.inference.GenerationResult.FinishReason;
import dev.skipjack.inference.SamplingOptions;
import dev.skipjack.server.schedule.Answer;
import dev.skipjack.server.schedule.SessionPool;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.Socket;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Many clients, few sessions; clients and servers that go away. */
@Timeout(120)
class SharingTest extends ServedModel {
  /** An answer as long as the context: it ends early or takes many seconds. */
  private static final String ENDLESS =
      "{\"prompt\": [1], \"max_tokens\": -1, \"ignore_eos\": true, \"stream\": true}";

  private static final Duration PATIENCE = Duration.ofSeconds(60);

  /** Occupies a session until it is told to let go. */
  private static final class Occupant implements GenerationListener, AutoCloseable {
    private final CountDownLatch leave = new CountDownLatch(1);
    private final ExecutorService thread = Executors.newSingleThreadExecutor();
    private final Future<Answer> answer;

    private Occupant(SessionPool sessions) {
      this.answer =
          thread.submit(
              () ->
                  sessions.generate(
                      new GenerationRequest(
                          new int[] {1}, 4, SamplingOptions.GREEDY, List.of(), true),
                      this));
      await(() -> sessions.running() > 0);
    }

    @Override
    public boolean prefill(int done) {
      try {
        leave.await();
        return true;
      } catch (InterruptedException e) {
        return false;
      }
    }

    @Override
    public boolean text(String piece) {
      return true;
    }

    @Override
    public void close() {
      leave.countDown();
      thread.close();
    }
  }

  private static void await(BooleanSupplier condition) {
    long end = System.nanoTime() + PATIENCE.toNanos();
    while (!condition.getAsBoolean()) {
      assertThat(System.nanoTime()).as("deadline").isLessThan(end);
      Thread.onSpinWait();
    }
  }

  @Test
  void requestsBeyondTheQueueAreSentAway() throws Exception {
    String body = "{\"prompt\": \"The\", \"max_tokens\": 2, \"stream\": true}";
    try (TestServer small =
            new TestServer(model(), TestServer.OPTIONS.withParallel(1).withQueue(1));
        ExecutorService clients = Executors.newVirtualThreadPerTaskExecutor()) {
      Future<HttpResponse<String>> waiting;
      try (Occupant _ = new Occupant(small.sessions())) {
        waiting = clients.submit(() -> small.post(TestServer.COMPLETIONS, body));
        await(() -> small.sessions().waiting() == 1);

        HttpResponse<String> refused = small.post(TestServer.COMPLETIONS, body);

        assertThat(refused.statusCode()).isEqualTo(503);
        assertThat(refused.headers().firstValue("Retry-After")).hasValue("1");
        assertThat(refused.body()).contains("all 1 sessions are busy and 1 requests wait");
        assertThat(small.get("/health").statusCode()).isEqualTo(200);
        assertThat(small.get("/metrics").body())
            .contains("skipjack_requests_running 1\n", "skipjack_requests_waiting 1\n");
      }
      assertThat(waiting.get().statusCode()).isEqualTo(200);
      assertThat(waiting.get().body()).endsWith("data: [DONE]\n\n");
    }
  }

  @Test
  void requestsAtOnceGiveTheTextsTheyGiveAlone() throws Exception {
    List<String> bodies =
        IntStream.range(0, 6)
            .mapToObj(
                i ->
                    ("{\"prompt\": \"The %d dogs\", \"max_tokens\": 40, \"ignore_eos\": true,"
                            + " \"temperature\": %s, \"seed\": %d}")
                        .formatted(i, i % 2, i))
            .toList();
    List<String> alone = bodies.stream().map(this::text).toList();
    try (ExecutorService clients = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<String>> together =
          bodies.stream().map(body -> clients.submit(() -> text(body))).toList();

      for (int i = 0; i < bodies.size(); i++) {
        assertThat(together.get(i).get()).isEqualTo(alone.get(i));
      }
    }
  }

  private String text(String body) {
    return server()
        .answer(TestServer.COMPLETIONS, body)
        .get("choices")
        .get(0)
        .get("text")
        .stringValue();
  }

  @Test
  void conversationsKeepTheirSessions() {
    try (TestServer two = new TestServer(model(), TestServer.OPTIONS.withParallel(2))) {
      assertThat(cached(two, "[1,300,301,302,303,304,305]")).isZero();
      assertThat(cached(two, "[1,400,401,402,403,404,405]")).isZero();
      assertThat(cached(two, "[1,300,301,302,303,304,305,500]")).isEqualTo(7);
      assertThat(cached(two, "[1,400,401,402,403,404,405,500]")).isEqualTo(7);
      // A third one takes the session that was used least recently: that of the 300s.
      assertThat(cached(two, "[1,600,601]")).isEqualTo(1);
      assertThat(cached(two, "[1,400,401,402,403,404,405,501]")).isEqualTo(7);
      assertThat(cached(two, "[1,300,301,302,303,304,305]")).isEqualTo(1);
    }
  }

  private static int cached(TestServer server, String prompt) {
    return server
        .answer(
            TestServer.COMPLETIONS,
            "{\"prompt\": %s, \"max_tokens\": 1, \"temperature\": 0}".formatted(prompt))
        .get("usage")
        .get("prompt_tokens_details")
        .get("cached_tokens")
        .intValue();
  }

  @Test
  void aClientThatGoesAwayFreesItsSession() throws Exception {
    try (TestServer one = new TestServer(model(), TestServer.OPTIONS.withParallel(1))) {
      int port = one.server().address().getPort();
      try (Socket socket = new Socket("127.0.0.1", port)) {
        socket
            .getOutputStream()
            .write(
                "POST /v1/completions HTTP/1.1\r\nHost: localhost\r\nContent-Length: %d\r\n\r\n%s"
                    .formatted(ENDLESS.length(), ENDLESS)
                    .getBytes(StandardCharsets.US_ASCII));
        readDeltas(socket, 3);
        assertThat(one.sessions().running()).isEqualTo(1);
      }

      await(() -> one.sessions().running() == 0);

      String metrics = one.get("/metrics").body();
      int generated =
          Integer.parseInt(
              metrics
                  .lines()
                  .filter(line -> line.startsWith("skipjack_generated_tokens_total "))
                  .collect(Collectors.joining())
                  .replaceAll("\\D", ""));
      assertThat(generated).isBetween(3, model().contextLength() - 2);
      assertThat(one.post(TestServer.COMPLETIONS, "{\"prompt\": \"a\"}").statusCode())
          .isEqualTo(200);
    }
  }

  private static void readDeltas(Socket socket, int count) throws IOException {
    BufferedReader reader =
        new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8));
    for (int seen = 0; seen < count; ) {
      if (reader.readLine().startsWith("data: ")) {
        seen++;
      }
    }
  }

  @Test
  void closingEndsAStreamWithAnError() throws IOException {
    TestServer closing = new TestServer(model());
    HttpResponse<InputStream> response = closing.open(TestServer.COMPLETIONS, ENDLESS);
    BufferedReader reader =
        new BufferedReader(new InputStreamReader(response.body(), StandardCharsets.UTF_8));
    assertThat(reader.readLine()).startsWith("data: {\"id\"");

    closing.server().close();

    List<String> rest = reader.lines().filter(line -> !line.isEmpty()).toList();
    assertThat(rest.getLast())
        .startsWith("data: {\"error\":{\"message\":\"the server is shutting down")
        .contains("\"type\":\"server_error\"");
    assertThat(closing.sessions().running()).isZero();
    closing.close();
  }

  @Test
  void closingSendsWaitingRequestsAway() throws Exception {
    try (TestServer closing =
            new TestServer(model(), TestServer.OPTIONS.withParallel(1).withQueue(1));
        ExecutorService clients = Executors.newVirtualThreadPerTaskExecutor()) {
      Future<HttpResponse<String>> waiting;
      Future<Answer> running;
      try (Occupant occupant = new Occupant(closing.sessions())) {
        running = occupant.answer;
        waiting =
            clients.submit(() -> closing.post(TestServer.COMPLETIONS, "{\"prompt\": \"The\"}"));
        await(() -> closing.sessions().waiting() == 1);

        closing.sessions().cancel();

        assertThat(waiting.get().statusCode()).isEqualTo(503);
        assertThat(waiting.get().body()).contains("the server is shutting down");
      }
      assertThat(running.get().result().finishReason()).isEqualTo(FinishReason.CANCELLED);
    }
  }

  @Test
  void aFailureInsideFreesTheSession() {
    try (TestServer one = new TestServer(model(), TestServer.OPTIONS.withParallel(1))) {
      GenerationRequest request =
          new GenerationRequest(new int[] {1}, 4, SamplingOptions.GREEDY, List.of(), true);
      GenerationListener broken =
          piece -> {
            throw new IllegalStateException("secret");
          };

      assertThat(catchThrowable(() -> one.sessions().generate(request, broken)))
          .hasMessage("secret");

      assertThat(one.sessions().running()).isZero();
      assertThat(one.post(TestServer.COMPLETIONS, "{\"prompt\": \"a\"}").statusCode())
          .isEqualTo(200);
    }
  }

  @Test
  void closesTwiceWithoutHarm() {
    TestServer server = new TestServer(model());
    server.close();
    server.close();

    assertThat(server.sessions().running()).isZero();
  }
}
