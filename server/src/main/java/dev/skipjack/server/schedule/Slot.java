package dev.skipjack.server.schedule;

import dev.skipjack.inference.GenerationListener;
import dev.skipjack.inference.GenerationRequest;
import dev.skipjack.inference.LanguageModel;
import dev.skipjack.inference.Session;
import java.util.Arrays;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * A session and the thread that computes for it. One request at a time; {@link SessionPool} hands
 * slots out under its lock.
 *
 * <p>Computing has a platform thread of its own: it never blocks, so on a virtual thread it would
 * keep a carrier from all other requests for as long as the answer takes.
 */
final class Slot implements AutoCloseable {
  private final LanguageModel model;
  private final ExecutorService thread;
  private Optional<Session> session = Optional.empty();
  private boolean broken;

  Slot(LanguageModel model, int number) {
    this.model = model;
    this.thread =
        Executors.newSingleThreadExecutor(
            Thread.ofPlatform().daemon().name("skipjack-session-" + number).factory());
  }

  /** How many tokens at the beginning of a prompt the session holds. */
  int common(int[] prompt) {
    return session.map(conversation -> conversation.common(prompt)).orElse(0);
  }

  /** How many tokens the session holds. */
  int size() {
    return session.map(Session::position).orElse(0);
  }

  /** Whether a failure left the session in a state that nobody knows. */
  boolean broken() {
    return broken;
  }

  /** Answers a request and returns when the session's thread is done with it, whatever happens. */
  Answer run(GenerationRequest request, GenerationListener listener) {
    Future<Answer> answer = thread.submit(() -> compute(request, listener));
    boolean interrupted = false;
    try {
      while (true) {
        try {
          return answer.get();
        } catch (InterruptedException e) {
          // The session must not be handed on while its thread still uses it.
          interrupted = true;
        } catch (ExecutionException e) {
          broken = true;
          throw unwrapped(e.getCause());
        }
      }
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  private static RuntimeException unwrapped(Throwable cause) {
    return switch (cause) {
      case RuntimeException e -> e;
      case Error e -> throw e;
      default -> new IllegalStateException(cause);
    };
  }

  private Answer compute(GenerationRequest request, GenerationListener listener) {
    if (session.isEmpty()) {
      session = Optional.of(model.newSession());
    }
    Session conversation = session.get();
    int[] prompt = request.prompt();
    int cached = conversation.keepCommon(prompt);
    return new Answer(
        conversation.generate(
            request.withPrompt(Arrays.copyOfRange(prompt, cached, prompt.length)), listener),
        cached);
  }

  /** Frees the session; nothing may be running. */
  @Override
  public void close() {
    thread.close();
    session.ifPresent(Session::close);
  }
}
