package dev.skipjack.models.chat;

import java.util.List;
import java.util.Map;

/** What a message says. */
public sealed interface ChatContent {
  /** Nothing, as in an assistant's message that only calls tools. */
  ChatContent NONE = new None();

  /** Plain text. */
  record Text(String text) implements ChatContent {}

  /**
   * Typed parts, such as {@code {"type": "text", "text": "..."}}, in the order they appear. It
   * depends on the template which types it knows.
   */
  record Parts(List<Map<String, Object>> parts) implements ChatContent {
    public Parts {
      parts = List.copyOf(parts);
    }
  }

  /** Nothing; use {@link #NONE}. */
  record None() implements ChatContent {}
}
