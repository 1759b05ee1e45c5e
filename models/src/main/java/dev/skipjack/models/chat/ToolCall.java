package dev.skipjack.models.chat;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A function the assistant asked for.
 *
 * @param id what the tool's answer refers to; may be empty
 * @param arguments by parameter name: strings, numbers, booleans, nulls, lists and maps
 */
public record ToolCall(String id, String name, Map<String, Object> arguments) {
  public ToolCall {
    arguments = Collections.unmodifiableMap(new LinkedHashMap<>(arguments));
  }
}
