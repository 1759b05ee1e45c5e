package dev.skipjack.models.chat;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.skipjack.loader.container.ModelFile;
import dev.skipjack.models.Checkpoints;
import dev.skipjack.models.bundled.BundledModel;
import dev.skipjack.models.tokenizer.SpecialTokens;
import dev.skipjack.models.tokenizer.Tokenizer;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ChatFormatTest {
  private static final List<ChatMessage> QUESTION = List.of(ChatMessage.user("Who are you?"));

  private final Tokenizer tokenizer = bundledTokenizer();

  @Test
  void chatMlStandsInAndItsEndIsText() {
    ChatFormat format = format(Map.of());

    assertThat(format.isOwn()).isFalse();
    assertThat(format.stopStrings()).containsExactly("<|im_end|>");
    assertThat(tokenizer.decode(format.encode(QUESTION)))
        .endsWith("<|im_start|>user\nWho are you?<|im_end|>\n<|im_start|>assistant\n");
  }

  @Test
  void promptsBeginWithTheBeginTokenOnceAsTextDoes() {
    int bos = tokenizer.bos().getAsInt();
    assertThat(tokenizer.encode("a", SpecialTokens.PROMPT)[0]).isEqualTo(bos);

    for (String template : List.of("{{ messages[0].content }}", "{{ bos_token }}!")) {
      int[] ids = format(Map.of(ChatTemplates.DEFAULT, template)).encode(QUESTION);

      assertThat(ids).startsWith(bos).hasSizeGreaterThan(1);
      assertThat(ids[1]).isNotEqualTo(bos);
    }
  }

  @Test
  void aTemplateOfItsOwnEndsAnswersByTokensAlone() {
    ChatFormat format = format(Map.of(ChatTemplates.DEFAULT, "{{ messages[0].content }}"));

    assertThat(format.isOwn()).isTrue();
    assertThat(format.stopStrings()).isEmpty();
  }

  @Test
  void toolsChooseTheirTemplateAndVariablesReachIt() {
    ChatFormat format =
        format(
            Map.of(
                ChatTemplates.DEFAULT, "plain",
                ChatTemplates.TOOL_USE, "{{ tools[0].name }} {{ mood }}"));

    int[] ids = format.encode(QUESTION, List.of(Map.of("name", "clock")), Map.of("mood", "glad"));

    assertThat(tokenizer.decode(ids)).endsWith("clock glad");
    assertThat(tokenizer.decode(format.encode(QUESTION))).endsWith("plain");
  }

  @Test
  void aTemplateThatRefusesSaysWhy() {
    ChatFormat format =
        format(Map.of(ChatTemplates.DEFAULT, "{{ raise_exception('roles must alternate') }}"));

    assertThatThrownBy(() -> format.encode(QUESTION))
        .isInstanceOf(ChatTemplateException.class)
        .hasMessageContaining("roles must alternate");
  }

  private ChatFormat format(Map<String, String> sources) {
    String bos = tokenizer.piece(tokenizer.bos().getAsInt());
    return new ChatFormat(
        new ChatTemplates(sources, new ChatTemplate.SpecialText(bos, "")), tokenizer);
  }

  private static Tokenizer bundledTokenizer() {
    try (ModelFile file = BundledModel.open()) {
      return Checkpoints.tokenizer(file);
    }
  }
}
