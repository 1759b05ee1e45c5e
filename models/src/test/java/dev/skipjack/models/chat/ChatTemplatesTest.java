package dev.skipjack.models.chat;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.skipjack.loader.container.Metadata;
import dev.skipjack.loader.container.ModelFormatException;
import dev.skipjack.models.chat.ChatTemplate.SpecialText;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ChatTemplatesTest {
  private static final List<ChatMessage> HELLO =
      List.of(ChatMessage.system("Be brief."), ChatMessage.user(" Hi "));

  @TempDir Path directory;

  @Test
  void metadataHoldsADefaultAndNamedTemplates() {
    ChatTemplates templates =
        ChatTemplates.find(
            new Metadata(
                "m.gguf",
                Map.of(
                    "tokenizer.chat_template",
                    "plain {{ bos_token }}{{ eos_token }}",
                    "tokenizer.chat_template.tool_use",
                    "tools",
                    "tokenizer.chat_templates",
                    new String[] {"tool_use"},
                    "tokenizer.ggml.bos_token_id",
                    2L,
                    "tokenizer.ggml.eos_token_id",
                    99L,
                    "tokenizer.ggml.tokens",
                    new String[] {"a", "b", "<bos>"})));

    assertThat(templates.names()).containsExactlyInAnyOrder("default", "tool_use");
    assertThat(templates.select(false).render(HELLO).text()).isEqualTo("plain <bos>");
    assertThat(templates.select(true).render(HELLO).text()).isEqualTo("tools");
  }

  @Test
  void sentencePieceHasItsUsualIds() {
    ChatTemplates templates =
        ChatTemplates.find(
            new Metadata(
                "m.gguf",
                Map.of(
                    "tokenizer.ggml.model",
                    "llama",
                    "tokenizer.ggml.tokens",
                    new String[] {"<unk>", "<s>", "</s>"})));

    assertThat(templates.select(false).special()).isEqualTo(new SpecialText("<s>", "</s>"));
  }

  @Test
  void withoutATemplateThereIsChatMl() {
    ChatTemplates templates = ChatTemplates.find(new Metadata("m.gguf", Map.of()));

    assertThat(templates.names()).isEmpty();
    assertThat(templates.select(false).render(HELLO).segments())
        .containsExactly(
            new Segment("<|im_start|>system\n", true),
            new Segment("Be brief.", false),
            new Segment("<|im_end|>\n<|im_start|>user\n", true),
            new Segment(" Hi ", false),
            new Segment("<|im_end|>\n<|im_start|>assistant\n", true));
  }

  @Test
  void chatMlJoinsTextParts() {
    ChatContent parts =
        new ChatContent.Parts(
            List.of(
                Map.of("type", "text", "text", "a"),
                Map.of("type", "image"),
                Map.of("type", "text", "text", "b")));
    ChatMessage base = ChatMessage.user("");
    ChatMessage message =
        new ChatMessage(
            base.role(), parts, base.reasoning(), base.toolCalls(), base.toolCallId(), base.name());

    assertThat(ChatTemplates.find(directory).select(false).render(List.of(message)).text())
        .isEqualTo("<|im_start|>user\nab<|im_end|>\n<|im_start|>assistant\n");
  }

  @Test
  void aConfigurationHoldsOneTemplate() throws IOException {
    write(
        "tokenizer_config.json",
        """
        {"bos_token": {"content": "<s>", "lstrip": false}, "eos_token": "</s>",
         "chat_template": "{{ bos_token }}{{ messages | length }}{{ eos_token }}"}\
        """);

    assertThat(ChatTemplates.find(directory).select(true).render(HELLO).text())
        .isEqualTo("<s>2</s>");
  }

  @Test
  void aConfigurationHoldsAListOfTemplates() throws IOException {
    write(
        "tokenizer_config.json",
        """
        {"bos_token": null, "chat_template": [{"name": "default", "template": "d{{ bos_token }}"},
                                              {"name": "tool_use", "template": "t"}]}\
        """);

    ChatTemplates templates = ChatTemplates.find(directory);
    assertThat(templates.select(false).render(HELLO).text()).isEqualTo("d");
    assertThat(templates.select(true).render(HELLO).text()).isEqualTo("t");
  }

  @Test
  void separateFilesTakePrecedence() throws IOException {
    write("tokenizer_config.json", "{\"chat_template\": \"old\"}");
    write("chat_template.jinja", "new");
    write("additional_chat_templates/tool_use.jinja", "tools");

    ChatTemplates templates = ChatTemplates.find(directory);
    assertThat(templates.select(false).render(HELLO).text()).isEqualTo("new");
    assertThat(templates.select(true).render(HELLO).text()).isEqualTo("tools");
  }

  @Test
  void malformedConfigurationsAreNamed() throws IOException {
    write("tokenizer_config.json", "{\"chat_template\": 7}");
    assertThatThrownBy(() -> ChatTemplates.find(directory))
        .isInstanceOf(ModelFormatException.class)
        .hasMessageContaining("tokenizer_config.json: chat_template: found number, expected");

    write("tokenizer_config.json", "{\"chat_template\": [{\"name\": \"x\"}]}");
    assertThatThrownBy(() -> ChatTemplates.find(directory))
        .isInstanceOf(ModelFormatException.class)
        .hasMessageContaining("chat_template[].template");

    write("tokenizer_config.json", "{\"chat_template\"");
    assertThatThrownBy(() -> ChatTemplates.find(directory))
        .isInstanceOf(ModelFormatException.class)
        .hasMessageContaining("not JSON");
  }

  private void write(String name, String text) throws IOException {
    Path file = directory.resolve(name);
    Files.createDirectories(file.getParent());
    Files.writeString(file, text);
  }
}
