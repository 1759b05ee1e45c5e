package dev.skipjack.server.api;

import dev.skipjack.inference.GenerationListener;
import dev.skipjack.server.http.ApiException;
import dev.skipjack.server.http.Call;
import dev.skipjack.server.http.EventStream;
import dev.skipjack.server.schedule.Answer;
import java.io.IOException;
import java.util.Optional;
import tools.jackson.databind.node.ObjectNode;

/**
 * An answer sent while it appears. The response begins when a session does, so that a refusal
 * before that has a status of its own; a failure after that is an event.
 */
final class StreamedAnswer implements GenerationListener {
  private static final System.Logger LOG = System.getLogger("dev.skipjack.server");

  /** Makes an answer and lets a listener hear it. */
  @FunctionalInterface
  interface Source {
    Answer run(GenerationListener listener) throws InterruptedException;
  }

  /** Something to write to the client. */
  @FunctionalInterface
  private interface Step {
    void run() throws IOException;
  }

  private final Call call;
  private final AnswerWriter writer;
  private final boolean includeUsage;
  private Optional<EventStream> events = Optional.empty();
  private Optional<IOException> gone = Optional.empty();

  StreamedAnswer(Call call, AnswerWriter writer, boolean includeUsage) {
    this.call = call;
    this.writer = writer;
    this.includeUsage = includeUsage;
  }

  /**
   * Sends the answer.
   *
   * @throws IOException if the client went away
   */
  void send(Source source) throws IOException, InterruptedException {
    Optional<ObjectNode> failure = Optional.empty();
    Optional<Answer> answer = Optional.empty();
    try {
      answer = Optional.of(source.run(this));
    } catch (RuntimeException | Error e) {
      if (events.isEmpty()) {
        throw e;
      }
      failure = Optional.of(describe(e));
    }
    if (gone.isPresent()) {
      throw gone.get();
    }
    EventStream out = events.orElseThrow();
    if (failure.isPresent()) {
      out.send(failure.get());
      return;
    }
    out.send(writer.last(answer.orElseThrow()));
    if (includeUsage) {
      out.send(writer.usage(answer.orElseThrow()));
    }
    out.done();
  }

  private static ObjectNode describe(Throwable failure) {
    if (failure instanceof ApiException refusal) {
      return refusal.body();
    }
    LOG.log(System.Logger.Level.ERROR, "streaming an answer: " + failure, failure);
    return ApiException.internal().body();
  }

  @Override
  public boolean prefill(int done) {
    return attempt(
        () -> {
          if (events.isEmpty()) {
            events = Optional.of(call.events());
            events.get().send(writer.first());
          } else {
            events.get().ping();
          }
        });
  }

  @Override
  public boolean text(String piece) {
    return attempt(() -> events.orElseThrow().send(writer.delta(piece)));
  }

  /** Returns whether the client is still there. */
  private boolean attempt(Step step) {
    if (gone.isPresent()) {
      return false;
    }
    try {
      step.run();
      return true;
    } catch (IOException e) {
      gone = Optional.of(e);
      return false;
    }
  }
}
