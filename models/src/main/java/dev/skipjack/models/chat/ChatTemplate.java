package dev.skipjack.models.chat;

import dev.skipjack.models.jinja.Template;
import dev.skipjack.models.jinja.TemplateException;
import dev.skipjack.models.jinja.Variables;
import java.time.Clock;
import java.time.ZonedDateTime;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * How a model wants conversations written: a Jinja template with the model's begin and end tokens.
 * Evaluated in a sandbox with limits, since templates come out of downloaded files. Immutable and
 * safe to share between threads.
 */
public final class ChatTemplate {
  private final String name;
  private final Template template;
  private final SpecialText special;

  /**
   * How the model spells the tokens that templates mention.
   *
   * @param bos begin of text; empty when the model has none
   * @param eos end of text; empty when the model has none
   */
  public record SpecialText(String bos, String eos) {
    public static final SpecialText NONE = new SpecialText("", "");
  }

  private ChatTemplate(String name, Template template, SpecialText special) {
    this.name = name;
    this.template = template;
    this.special = special;
  }

  /**
   * Parses a template.
   *
   * @param name where it comes from, for messages
   * @throws ChatTemplateException if it is not a template
   */
  public static ChatTemplate parse(String name, String source, SpecialText special) {
    try {
      return new ChatTemplate(name, Template.parse(source), special);
    } catch (TemplateException e) {
      throw new ChatTemplateException(name, e);
    }
  }

  /** Where the template comes from. */
  public String name() {
    return name;
  }

  /** The begin and end tokens that the template was given. */
  public SpecialText special() {
    return special;
  }

  /** The prompt that asks for the next answer in a conversation without tools. */
  public Rendered render(List<ChatMessage> messages) {
    return render(messages, true, List.of(), Map.of(), Clock.systemDefaultZone());
  }

  /**
   * Writes a conversation. Everything in messages, tools and extra variables counts as user text:
   * in the result it is marked untrusted, wherever the template puts it.
   *
   * @param addGenerationPrompt whether to end where the assistant's answer begins
   * @param tools function schemas as the JSON they are written in; empty for none
   * @param extra further variables of the template, such as {@code enable_thinking}
   * @param clock what templates that mention the date see
   * @throws ChatTemplateException if the template fails on or refuses the conversation
   */
  public Rendered render(
      List<ChatMessage> messages,
      boolean addGenerationPrompt,
      List<Map<String, Object>> tools,
      Map<String, Object> extra,
      Clock clock) {
    Variables variables = new Variables();
    // Templates tell "no tools" by None: the variable is always defined in the reference library.
    variables.untrusted("documents", Optional.empty());
    extra.forEach(variables::untrusted);
    variables
        .trusted("bos_token", special.bos())
        .trusted("eos_token", special.eos())
        .trusted("add_generation_prompt", addGenerationPrompt)
        .untrusted("tools", tools.isEmpty() ? Optional.empty() : tools)
        .untrusted("messages", MessageVariables.of(messages));
    try {
      return Rendered.of(template.render(variables, ZonedDateTime.now(clock)));
    } catch (TemplateException e) {
      throw new ChatTemplateException(name, e);
    }
  }
}
