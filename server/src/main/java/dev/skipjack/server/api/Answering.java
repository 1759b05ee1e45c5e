package dev.skipjack.server.api;

import dev.skipjack.inference.GenerationListener;
import dev.skipjack.inference.GenerationRequest;
import dev.skipjack.inference.GenerationResult.FinishReason;
import dev.skipjack.inference.LanguageModel;
import dev.skipjack.server.http.ApiException;
import dev.skipjack.server.http.Call;
import dev.skipjack.server.http.ErrorKind;
import dev.skipjack.server.metrics.Metrics;
import dev.skipjack.server.schedule.Answer;
import dev.skipjack.server.schedule.SessionPool;
import dev.skipjack.server.schedule.UnavailableException;
import java.io.IOException;

/** Lets a session answer a prompt, and sends the answer. Thread-safe. */
public final class Answering {
  private final LanguageModel model;
  private final SessionPool sessions;
  private final Metrics metrics;
  private final int contextLength;

  public Answering(LanguageModel model, SessionPool sessions, Metrics metrics) {
    this.model = model;
    this.sessions = sessions;
    this.metrics = metrics;
    this.contextLength = model.contextLength();
  }

  LanguageModel model() {
    return model;
  }

  /**
   * Answers.
   *
   * @param field where the prompt comes from, for messages
   */
  void answer(Call call, AnswerShape shape, String field, int[] prompt, AnswerOptions options)
      throws IOException, InterruptedException {
    check(field, prompt);
    GenerationRequest request =
        new GenerationRequest(
            prompt, options.maxTokens(), options.sampling(), options.stops(), options.ignoreEos());
    AnswerWriter writer = new AnswerWriter(shape, options, prompt.length);
    try {
      if (options.stream()) {
        new StreamedAnswer(call, writer, options.includeUsage())
            .send(listener -> run(request, listener));
      } else {
        call.json(writer.whole(run(request, piece -> true)));
      }
    } catch (UnavailableException e) {
      throw new ApiException(ErrorKind.UNAVAILABLE, e.getMessage());
    }
  }

  private void check(String field, int[] prompt) {
    if (prompt.length == 0) {
      throw ApiException.invalid(field, "no tokens", "at least one");
    }
    if (prompt.length > contextLength) {
      throw new ApiException(
          ErrorKind.INVALID,
          field,
          "context_length_exceeded",
          "%s: found %d tokens, expected at most %d, the context; shorten it"
              .formatted(field, prompt.length, contextLength));
    }
  }

  private Answer run(GenerationRequest request, GenerationListener listener)
      throws InterruptedException {
    Answer answer = sessions.generate(request, listener);
    metrics.count(request.prompt().length, answer);
    if (answer.result().finishReason() == FinishReason.CANCELLED && sessions.isCancelled()) {
      throw new ApiException(
          ErrorKind.UNAVAILABLE, "the server is shutting down and ended the answer early");
    }
    return answer;
  }
}
