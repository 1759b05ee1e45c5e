package dev.skipjack.models.chat;

import dev.skipjack.models.tokenizer.SpecialTokens;
import dev.skipjack.models.tokenizer.Tokenizer;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;

/**
 * How a checkpoint is asked: its chat templates, and the token ids of what they write. Immutable
 * and safe to share between threads.
 */
public final class ChatFormat {
  /** How ChatML ends a message. */
  private static final String CHATML_END = "<|im_end|>";

  private final ChatTemplates templates;
  private final Tokenizer tokenizer;
  private final PromptEncoder encoder;

  /** Conversations by the templates, as ids of the tokenizer. */
  public ChatFormat(ChatTemplates templates, Tokenizer tokenizer) {
    this.templates = templates;
    this.tokenizer = tokenizer;
    this.encoder = new PromptEncoder(tokenizer, addsBos(tokenizer));
  }

  private static boolean addsBos(Tokenizer tokenizer) {
    OptionalInt bos = tokenizer.bos();
    if (bos.isEmpty()) {
      return false;
    }
    int[] ids = tokenizer.encode("a", SpecialTokens.PROMPT);
    return ids.length > 0 && ids[0] == bos.getAsInt();
  }

  /** Whether the checkpoint brings a template; otherwise ChatML stands in. */
  public boolean isOwn() {
    return !templates.names().isEmpty();
  }

  /**
   * What an answer ends with besides tokens that end generation: where ChatML stands in for a model
   * that has no token for its end, the spelling.
   */
  public List<String> stopStrings() {
    OptionalInt end = tokenizer.id(CHATML_END);
    boolean known = end.isPresent() && tokenizer.endsGeneration(end.getAsInt());
    return isOwn() || known ? List.of() : List.of(CHATML_END);
  }

  /**
   * The prompt that asks for the next answer.
   *
   * @throws ChatTemplateException if the template fails on or refuses the conversation
   */
  public int[] encode(List<ChatMessage> messages) {
    return encode(messages, List.of(), Map.of());
  }

  /**
   * The prompt that asks for the next answer, with tools to call.
   *
   * @param tools function schemas as the JSON they are written in; empty for none
   * @param variables further variables of the template, such as {@code enable_thinking}
   * @throws ChatTemplateException if the template fails on or refuses the conversation
   */
  public int[] encode(
      List<ChatMessage> messages, List<Map<String, Object>> tools, Map<String, Object> variables) {
    ChatTemplate template = templates.select(!tools.isEmpty());
    return encoder.encode(
        template.render(messages, true, tools, variables, Clock.systemDefaultZone()));
  }
}
