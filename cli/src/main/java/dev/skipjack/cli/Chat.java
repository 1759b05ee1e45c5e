package dev.skipjack.cli;

import dev.skipjack.inference.GenerationListener;
import dev.skipjack.inference.GenerationRequest;
import dev.skipjack.inference.GenerationResult;
import dev.skipjack.inference.GenerationResult.FinishReason;
import dev.skipjack.inference.LanguageModel;
import dev.skipjack.inference.SamplingOptions;
import dev.skipjack.inference.Session;
import dev.skipjack.models.chat.ChatFormat;
import dev.skipjack.models.chat.ChatTemplateException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/** Asks a model and keeps the conversation, of which it computes each token once. */
final class Chat {
  /** The fraction of the context that is kept free for an answer, if it may be so long. */
  private static final int ROOM = 4;

  private final LanguageModel model;
  private final Session session;
  private final ChatFormat format;
  private final Dialogue dialogue;
  private final GenerationGroup generation;
  private final SamplingOptions sampling;
  private final List<Answer> answers = new ArrayList<>();

  /**
   * An answer.
   *
   * @param kept tokens of its prompt that had been computed before
   */
  record Answer(int kept, GenerationResult result) {}

  /** Passes an answer on until it is cancelled. */
  private record Cancellable(BooleanSupplier cancelled, Consumer<String> listener)
      implements GenerationListener {
    @Override
    public boolean prefill(int done) {
      return !cancelled.getAsBoolean();
    }

    @Override
    public boolean text(String piece) {
      listener.accept(piece);
      return !cancelled.getAsBoolean();
    }
  }

  Chat(
      LanguageModel model,
      Session session,
      Dialogue dialogue,
      GenerationGroup generation,
      SamplingOptions sampling) {
    this.model = model;
    this.session = session;
    this.format = model.chatFormat();
    this.dialogue = dialogue;
    this.generation = generation;
    this.sampling = sampling;
  }

  ChatFormat format() {
    return format;
  }

  Dialogue dialogue() {
    return dialogue;
  }

  List<Answer> answers() {
    return answers;
  }

  /** Forgets everything but the instruction. */
  void reset() {
    dialogue.reset();
    session.rewind(0);
  }

  /**
   * Asks, and adds question and answer to the dialogue, unless it was cancelled before the answer
   * began.
   *
   * @param listener hears the answer while it appears
   * @throws CommandFailure if the question alone is too long; it is then not part of the dialogue
   * @throws ChatTemplateException if the template refuses the dialogue, likewise
   */
  Answer ask(String question, BooleanSupplier cancelled, Consumer<String> listener) {
    dialogue.ask(question);
    try {
      int[] prompt = prompt();
      int kept = session.keepCommon(prompt);
      // Each answer draws anew, and a chat with the same seed is the same chat.
      SamplingOptions seeded = sampling.withSeed(sampling.seed() + answers.size());
      GenerationRequest request =
          generation.answer(
              Arrays.copyOfRange(prompt, kept, prompt.length), seeded, format.stopStrings());
      GenerationResult result = session.generate(request, new Cancellable(cancelled, listener));
      Answer answer = new Answer(kept, result);
      if (result.finishReason() == FinishReason.CANCELLED && result.tokens().length == 0) {
        dialogue.withdraw();
      } else {
        dialogue.answer(result.text());
        answers.add(answer);
      }
      return answer;
    } catch (CommandFailure | ChatTemplateException e) {
      dialogue.withdraw();
      throw e;
    }
  }

  /** The prompt of what is remembered; the oldest is forgotten until there is room. */
  private int[] prompt() {
    int context = session.contextLength();
    int room = Math.min(generation.longestAnswer(), context / ROOM);
    int[] prompt = format.encode(dialogue.remembered());
    while (prompt.length > context - room && dialogue.forgetOldest()) {
      prompt = format.encode(dialogue.remembered());
    }
    if (prompt.length >= context) {
      throw new CommandFailure(
          "message",
          "found %d tokens, expected less than %d, the context; use a larger -c or a shorter message"
              .formatted(prompt.length, context));
    }
    return prompt;
  }

  /** How full the context is, and how much the model has computed. */
  ChatReport report() {
    return new ChatReport(model, session, this, sampling.seed());
  }
}
