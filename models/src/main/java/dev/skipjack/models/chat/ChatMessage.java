package dev.skipjack.models.chat;

import java.util.List;
import java.util.Optional;

/**
 * One message of a conversation.
 *
 * @param role {@code system}, {@code user}, {@code assistant}, {@code tool} or another role the
 *     template knows
 * @param reasoning what the assistant thought before it answered
 * @param toolCalls the functions an assistant's message asks for
 * @param toolCallId in a tool's message, the call it answers
 * @param name in a tool's message, the function; elsewhere the speaker
 */
public record ChatMessage(
    String role,
    ChatContent content,
    Optional<String> reasoning,
    List<ToolCall> toolCalls,
    Optional<String> toolCallId,
    Optional<String> name) {
  public ChatMessage {
    toolCalls = List.copyOf(toolCalls);
  }

  /** A message of plain text. */
  public ChatMessage(String role, String text) {
    this(
        role,
        new ChatContent.Text(text),
        Optional.empty(),
        List.of(),
        Optional.empty(),
        Optional.empty());
  }

  public static ChatMessage system(String text) {
    return new ChatMessage("system", text);
  }

  public static ChatMessage user(String text) {
    return new ChatMessage("user", text);
  }

  public static ChatMessage assistant(String text) {
    return new ChatMessage("assistant", text);
  }

  /** An assistant's message that asks for functions to be called. */
  public static ChatMessage calling(ToolCall... calls) {
    return new ChatMessage(
        "assistant",
        ChatContent.NONE,
        Optional.empty(),
        List.of(calls),
        Optional.empty(),
        Optional.empty());
  }

  /** What a function returned. */
  public static ChatMessage result(ToolCall call, String text) {
    return new ChatMessage(
        "tool",
        new ChatContent.Text(text),
        Optional.empty(),
        List.of(),
        Optional.of(call.id()),
        Optional.of(call.name()));
  }
}
