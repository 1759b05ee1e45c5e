package dev.skipjack.cli;

import dev.skipjack.models.chat.ChatContent;
import dev.skipjack.models.chat.ChatMessage;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The messages of a chat. Questions and answers take turns, after an optional first instruction.
 */
final class Dialogue {
  private final Optional<ChatMessage> instruction;
  private final List<ChatMessage> turns = new ArrayList<>();
  private int forgotten;

  Dialogue(Optional<String> instruction) {
    this.instruction = instruction.map(ChatMessage::system);
  }

  void ask(String question) {
    turns.add(ChatMessage.user(question));
  }

  void answer(String text) {
    turns.add(ChatMessage.assistant(text));
  }

  /** Takes the last question back. */
  void withdraw() {
    turns.removeLast();
  }

  void reset() {
    turns.clear();
    forgotten = 0;
  }

  /** All messages. */
  List<ChatMessage> messages() {
    return messages(0);
  }

  /** The messages that the model still sees. */
  List<ChatMessage> remembered() {
    return messages(forgotten);
  }

  private List<ChatMessage> messages(int first) {
    List<ChatMessage> messages = new ArrayList<>();
    instruction.ifPresent(messages::add);
    messages.addAll(turns.subList(first, turns.size()));
    return messages;
  }

  /** Hides the oldest question and its answer from the model; false if only the last is left. */
  boolean forgetOldest() {
    if (forgotten + 2 >= turns.size()) {
      return false;
    }
    forgotten += 2;
    return true;
  }

  /** The form that the chat endpoints of servers understand. */
  static void write(Json json, ChatMessage message) {
    json.field("role", message.role()).field("content", text(message.content()));
  }

  private static String text(ChatContent content) {
    return content instanceof ChatContent.Text(String text) ? text : "";
  }
}
