package dev.skipjack.models.chat;

import dev.skipjack.models.jinja.Text;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/** Messages under the names that chat templates look for. */
final class MessageVariables {
  private static final Pattern WORD = Pattern.compile("[a-z][a-z_]*");

  private MessageVariables() {}

  static List<Map<String, Object>> of(List<ChatMessage> messages) {
    return messages.stream().map(MessageVariables::of).toList();
  }

  private static Map<String, Object> of(ChatMessage message) {
    Map<String, Object> variables = new LinkedHashMap<>();
    variables.put("role", role(message.role()));
    variables.put("content", content(message.content()));
    message.reasoning().ifPresent(text -> variables.put("reasoning_content", text));
    message.name().ifPresent(name -> variables.put("name", name));
    message.toolCallId().ifPresent(id -> variables.put("tool_call_id", id));
    if (!message.toolCalls().isEmpty()) {
      variables.put("tool_calls", message.toolCalls().stream().map(MessageVariables::of).toList());
    }
    return variables;
  }

  /** A role that is a plain word belongs to the template's frame rather than to the user's text. */
  private static Text role(String role) {
    return WORD.matcher(role).matches() ? Text.trusted(role) : Text.untrusted(role);
  }

  private static Object content(ChatContent content) {
    return switch (content) {
      case ChatContent.Text(String text) -> text;
      case ChatContent.Parts(List<Map<String, Object>> parts) -> parts;
      case ChatContent.None none -> null;
    };
  }

  private static Map<String, Object> of(ToolCall call) {
    Map<String, Object> function = new LinkedHashMap<>();
    function.put("name", call.name());
    function.put("arguments", call.arguments());
    Map<String, Object> variables = new LinkedHashMap<>();
    variables.put("id", call.id());
    variables.put("type", "function");
    variables.put("function", function);
    return variables;
  }
}
