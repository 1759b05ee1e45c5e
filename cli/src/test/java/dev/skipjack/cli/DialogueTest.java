package dev.skipjack.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.skipjack.models.chat.ChatMessage;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class DialogueTest {
  private static final ChatMessage RULE = ChatMessage.system("Be brief.");

  private final Dialogue dialogue = new Dialogue(Optional.of("Be brief."));

  @Test
  void theModelForgetsWholeTurnsAndNeverTheInstructionOrTheLastQuestion() {
    dialogue.ask("a");
    dialogue.answer("b");
    dialogue.ask("c");

    assertThat(dialogue.forgetOldest()).isTrue();

    assertThat(dialogue.remembered()).containsExactly(RULE, ChatMessage.user("c"));
    assertThat(dialogue.messages()).hasSize(4);
    assertThat(dialogue.forgetOldest()).isFalse();
  }

  @Test
  void aQuestionTakenBackWasNeverAsked() {
    dialogue.ask("a");
    dialogue.withdraw();

    assertThat(dialogue.messages()).containsExactly(RULE);
  }

  @Test
  void resetBringsBackWhatWasForgotten() {
    dialogue.ask("a");
    dialogue.answer("b");
    dialogue.ask("c");
    dialogue.forgetOldest();

    dialogue.reset();
    dialogue.ask("d");

    assertThat(dialogue.remembered()).containsExactly(RULE, ChatMessage.user("d"));
  }
}
