package dev.skipjack.server.api;

import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** The JSON in which an endpoint answers. */
enum AnswerShape {
  /** {@code /v1/chat/completions}. */
  CHAT("chatcmpl-", "chat.completion", "chat.completion.chunk") {
    @Override
    void putText(ObjectNode choice, String text) {
      choice.putObject("message").put("role", ROLE).put("content", text);
    }

    @Override
    void putFirst(ObjectNode choice) {
      choice.putObject("delta").put("role", ROLE).put("content", "");
    }

    @Override
    void putDelta(ObjectNode choice, String text) {
      choice.putObject("delta").put("content", text);
    }

    @Override
    void putLast(ObjectNode choice) {
      choice.putObject("delta");
    }
  },

  /** {@code /v1/completions}. */
  TEXT("cmpl-", "text_completion", "text_completion") {
    @Override
    void putText(ObjectNode choice, String text) {
      choice.put("text", text);
    }

    @Override
    void putFirst(ObjectNode choice) {
      putText(choice, "");
    }

    @Override
    void putDelta(ObjectNode choice, String text) {
      putText(choice, text);
    }

    @Override
    void putLast(ObjectNode choice) {
      putText(choice, "");
    }
  };

  private static final String ROLE = "assistant";

  private final String idPrefix;
  private final String object;
  private final String chunk;

  AnswerShape(String idPrefix, String object, String chunk) {
    this.idPrefix = idPrefix;
    this.object = object;
    this.chunk = chunk;
  }

  String idPrefix() {
    return idPrefix;
  }

  /** The object without choices: a whole answer, or a part of one. */
  ObjectNode frame(boolean whole, String id, long created, String model) {
    return JsonNodeFactory.instance
        .objectNode()
        .put("id", id)
        .put("object", whole ? object : chunk)
        .put("created", created)
        .put("model", model);
  }

  abstract void putText(ObjectNode choice, String text);

  abstract void putFirst(ObjectNode choice);

  abstract void putDelta(ObjectNode choice, String text);

  abstract void putLast(ObjectNode choice);
}
