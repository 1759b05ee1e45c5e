package dev.skipjack.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.skipjack.inference.LanguageModel;
import dev.skipjack.inference.LoadOptions;
import dev.skipjack.inference.SamplingOptions;
import dev.skipjack.inference.Session;
import dev.skipjack.models.chat.ChatMessage;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class ChatTest {
  @Test
  void aQuestionThatWasCancelledBeforeItsAnswerIsTakenBack() {
    try (LanguageModel model = LanguageModel.bundled(LoadOptions.DEFAULTS.withThreads(1));
        Session session = model.newSession()) {
      Chat chat = chat(model, session);

      Chat.Answer none = chat.ask("Hello!", () -> true, piece -> {});

      assertThat(none.result().text()).isEmpty();
      assertThat(session.position()).isZero();
      assertThat(chat.answers()).isEmpty();
      assertThat(chat.dialogue().messages()).isEmpty();
    }
  }

  @Test
  void anAnswerThatHadBegunIsKeptAsFarAsItCame() {
    try (LanguageModel model = LanguageModel.bundled(LoadOptions.DEFAULTS.withThreads(1));
        Session session = model.newSession()) {
      Chat chat = chat(model, session);
      AtomicInteger pieces = new AtomicInteger();

      Chat.Answer begun =
          chat.ask("Hello!", () -> pieces.get() == 2, piece -> pieces.incrementAndGet());

      assertThat(pieces).hasValue(2);
      assertThat(chat.answers()).containsExactly(begun);
      assertThat(chat.dialogue().messages())
          .containsExactly(
              ChatMessage.user("Hello!"), ChatMessage.assistant(begun.result().text()));
    }
  }

  private static Chat chat(LanguageModel model, Session session) {
    return new Chat(
        model,
        session,
        new Dialogue(Optional.empty()),
        new GenerationGroup(),
        SamplingOptions.GREEDY);
  }
}
