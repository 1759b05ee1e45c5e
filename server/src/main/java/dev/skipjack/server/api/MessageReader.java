package dev.skipjack.server.api;

import dev.skipjack.models.chat.ChatContent;
import dev.skipjack.models.chat.ChatMessage;
import dev.skipjack.models.chat.ToolCall;
import dev.skipjack.server.http.ApiException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.StringJoiner;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** Reads the conversation of a chat request. */
final class MessageReader {
  private static final JsonMapper JSON = new JsonMapper();
  private static final String SYSTEM = "system";

  /** Roles of the API under the names that templates know. */
  private static final Map<String, String> ROLES =
      Map.of(
          SYSTEM,
          SYSTEM,
          "developer",
          SYSTEM,
          "user",
          "user",
          "assistant",
          "assistant",
          "tool",
          "tool");

  private MessageReader() {}

  /**
   * The messages of a request.
   *
   * @throws ApiException if they are not as the API describes them, or not text
   */
  static List<ChatMessage> messages(Fields request) {
    List<JsonNode> items = request.items("messages");
    if (items.isEmpty()) {
      throw ApiException.invalid("messages", "none", "at least one message");
    }
    List<ChatMessage> messages = new ArrayList<>();
    for (JsonNode item : items) {
      messages.add(message(Fields.of(item, "messages[%d]".formatted(messages.size()))));
    }
    return messages;
  }

  private static ChatMessage message(Fields fields) {
    String expected = "system, developer, user, assistant or tool";
    String role = Fields.string(fields.require("role", expected), fields.path("role"));
    if (!ROLES.containsKey(role)) {
      throw ApiException.invalid(fields.path("role"), "\"" + role + "\"", expected);
    }
    return new ChatMessage(
        ROLES.get(role),
        content(fields),
        fields.string("reasoning_content"),
        calls(fields),
        fields.string("tool_call_id"),
        fields.string("name"));
  }

  private static ChatContent content(Fields fields) {
    Optional<JsonNode> content = fields.find("content");
    if (content.isEmpty()) {
      return ChatContent.NONE;
    }
    String path = fields.path("content");
    if (content.get().isString()) {
      return new ChatContent.Text(content.get().stringValue());
    }
    if (!content.get().isArray()) {
      throw ApiException.invalid(
          path, Fields.describe(content.get()), "a string, null or an array of parts");
    }
    return new ChatContent.Text(parts(content.get(), path));
  }

  /** Parts as one text: every template takes that, and few take parts. */
  private static String parts(JsonNode parts, String path) {
    StringJoiner text = new StringJoiner("\n");
    for (int i = 0; i < parts.size(); i++) {
      Fields part = Fields.of(parts.get(i), "%s[%d]".formatted(path, i));
      JsonNode type = part.require("type", "\"text\"");
      if (!type.isString() || !type.stringValue().equals("text")) {
        throw ApiException.invalid(part.path("type"), Fields.describe(type), "\"text\"");
      }
      text.add(Fields.string(part.require("text", "a string"), part.path("text")));
    }
    return text.toString();
  }

  private static List<ToolCall> calls(Fields message) {
    List<ToolCall> calls = new ArrayList<>();
    for (JsonNode item : message.items("tool_calls")) {
      String path = "%s[%d]".formatted(message.path("tool_calls"), calls.size());
      Fields call = Fields.of(item, path);
      Fields function = Fields.of(call.require("function", "an object"), path + ".function");
      calls.add(
          new ToolCall(
              call.string("id").orElse(""),
              Fields.string(function.require("name", "a string"), function.path("name")),
              arguments(function)));
    }
    return calls;
  }

  /** Arguments as the API writes them, JSON inside a string, or as the object itself. */
  private static Map<String, Object> arguments(Fields function) {
    Optional<JsonNode> found = function.find("arguments");
    String path = function.path("arguments");
    if (found.isEmpty() || found.get() instanceof ObjectNode) {
      return found.map(node -> Fields.of(node, path).plain()).orElse(Map.of());
    }
    String text = Fields.string(found.get(), path);
    try {
      return Fields.of(JSON.readTree(text.isBlank() ? "{}" : text), path).plain();
    } catch (JacksonException e) {
      throw ApiException.invalid(path, Fields.describe(found.get()), "a JSON object in a string");
    }
  }

  /** The tools of a request, as plain maps. */
  static List<Map<String, Object>> tools(Fields request) {
    List<Map<String, Object>> tools = new ArrayList<>();
    for (JsonNode item : request.items("tools")) {
      tools.add(Fields.of(item, "tools[%d]".formatted(tools.size())).plain());
    }
    return tools;
  }

  /** Further variables of the template. */
  static Map<String, Object> variables(Fields request) {
    return request.object("chat_template_kwargs").map(Fields::plain).orElse(Map.of());
  }
}
