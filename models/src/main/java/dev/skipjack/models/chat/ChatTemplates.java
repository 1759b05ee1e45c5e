package dev.skipjack.models.chat;

import dev.skipjack.loader.container.Metadata;
import dev.skipjack.loader.container.ModelFormatException;
import dev.skipjack.models.chat.ChatTemplate.SpecialText;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * The chat templates a model brings along, by name. A model without any gets ChatML, which is what
 * most fine-tunes were trained on. Immutable.
 */
public final class ChatTemplates {
  /** The name of the usual template. */
  public static final String DEFAULT = "default";

  static final String TOOL_USE = "tool_use";

  private static final String KEY = "tokenizer.chat_template";
  private static final String CHATML =
      """
      {%- for message in messages %}
      {{- '<|im_start|>' ~ message.role ~ '\\n' }}
      {%- if message.content is string %}{{ message.content }}
      {%- elif message.content is iterable %}
      {{- message.content | selectattr('type', 'equalto', 'text') | map(attribute='text') | join }}
      {%- endif %}
      {{- '<|im_end|>\\n' }}
      {%- endfor %}
      {%- if add_generation_prompt %}{{ '<|im_start|>assistant\\n' }}{% endif %}
      """;

  private final Map<String, String> sources;
  private final SpecialText special;

  ChatTemplates(Map<String, String> sources, SpecialText special) {
    this.sources = Map.copyOf(sources);
    this.special = special;
  }

  /**
   * The templates in the metadata of a GGUF file.
   *
   * @throws ModelFormatException if a key has the wrong type
   */
  public static ChatTemplates find(Metadata metadata) {
    Map<String, String> sources = new TreeMap<>();
    for (String key : metadata.keys()) {
      if (key.startsWith(KEY + ".")) {
        sources.put(key.substring(KEY.length() + 1), metadata.requireString(key));
      }
    }
    metadata.string(KEY).ifPresent(source -> sources.put(DEFAULT, source));
    return new ChatTemplates(sources, special(metadata));
  }

  /**
   * The templates in a directory as Hugging Face lays it out.
   *
   * @throws ModelFormatException if a file cannot be read or is malformed
   */
  public static ChatTemplates find(Path directory) {
    return new TemplateDirectory(directory).read();
  }

  private static SpecialText special(Metadata metadata) {
    // SentencePiece vocabularies may leave out the two ids that are always the same there.
    boolean sentencePiece = metadata.string("tokenizer.ggml.model").equals(Optional.of("llama"));
    return new SpecialText(
        tokenText(metadata, "bos", sentencePiece ? 1 : -1),
        tokenText(metadata, "eos", sentencePiece ? 2 : -1));
  }

  private static String tokenText(Metadata metadata, String kind, int absent) {
    int id = metadata.integer("tokenizer.ggml." + kind + "_token_id").orElse(absent);
    List<String> tokens = metadata.strings("tokenizer.ggml.tokens").orElse(List.of());
    return id >= 0 && id < tokens.size() ? tokens.get(id) : "";
  }

  /** The names of the model's own templates; empty when ChatML stands in. */
  public Set<String> names() {
    return sources.keySet();
  }

  /** The text of each of the model's own templates, the usual one under {@link #DEFAULT}. */
  public Map<String, String> sources() {
    return sources;
  }

  /**
   * The template for a conversation: the one named {@code tool_use}, if there is one, when tools
   * are offered, else the default one, else the only one.
   *
   * @throws ChatTemplateException if the template does not parse
   */
  public ChatTemplate select(boolean toolsOffered) {
    if (toolsOffered && sources.containsKey(TOOL_USE)) {
      return parse(TOOL_USE);
    }
    if (sources.containsKey(DEFAULT)) {
      return parse(DEFAULT);
    }
    return sources.size() == 1
        ? parse(sources.keySet().iterator().next())
        : ChatTemplate.parse("chatml", CHATML, special);
  }

  private ChatTemplate parse(String name) {
    return ChatTemplate.parse(name, sources.get(name), special);
  }
}
