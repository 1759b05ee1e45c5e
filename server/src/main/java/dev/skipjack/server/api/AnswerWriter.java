package dev.skipjack.server.api;

import dev.skipjack.inference.GenerationResult.FinishReason;
import dev.skipjack.server.schedule.Answer;
import java.time.Instant;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Consumer;
import tools.jackson.databind.node.ObjectNode;

/** Writes one answer, whole or in parts, which share its id and time. */
final class AnswerWriter {
  private final AnswerShape shape;
  private final AnswerOptions options;
  private final int promptTokens;
  private final String id;
  private final long created = Instant.now().getEpochSecond();

  AnswerWriter(AnswerShape shape, AnswerOptions options, int promptTokens) {
    this.shape = shape;
    this.options = options;
    this.promptTokens = promptTokens;
    this.id = shape.idPrefix() + UUID.randomUUID().toString().replace("-", "");
  }

  ObjectNode whole(Answer answer) {
    ObjectNode body = shape.frame(true, id, created, options.model());
    putChoice(
        body,
        choice -> shape.putText(choice, answer.result().text()),
        Optional.of(answer.result().finishReason()));
    putUsage(body, answer);
    return body;
  }

  ObjectNode first() {
    return part(shape::putFirst, Optional.empty());
  }

  ObjectNode delta(String text) {
    return part(choice -> shape.putDelta(choice, text), Optional.empty());
  }

  ObjectNode last(Answer answer) {
    return part(shape::putLast, Optional.of(answer.result().finishReason()));
  }

  /** The part without choices that tells the usage. */
  ObjectNode usage(Answer answer) {
    ObjectNode body = shape.frame(false, id, created, options.model());
    body.putArray("choices");
    putUsage(body, answer);
    return body;
  }

  private ObjectNode part(Consumer<ObjectNode> content, Optional<FinishReason> reason) {
    ObjectNode body = shape.frame(false, id, created, options.model());
    putChoice(body, content, reason);
    if (options.includeUsage()) {
      body.putNull("usage");
    }
    return body;
  }

  private static void putChoice(
      ObjectNode body, Consumer<ObjectNode> content, Optional<FinishReason> reason) {
    ObjectNode choice = body.putArray("choices").addObject().put("index", 0);
    content.accept(choice);
    choice.putNull("logprobs");
    reason.ifPresentOrElse(
        ended -> choice.put("finish_reason", ended.name().toLowerCase(Locale.ROOT)),
        () -> choice.putNull("finish_reason"));
  }

  private void putUsage(ObjectNode body, Answer answer) {
    int generated = answer.result().tokens().length;
    ObjectNode usage =
        body.putObject("usage")
            .put("prompt_tokens", promptTokens)
            .put("completion_tokens", generated)
            .put("total_tokens", promptTokens + generated);
    usage.putObject("prompt_tokens_details").put("cached_tokens", answer.cachedTokens());
  }
}
