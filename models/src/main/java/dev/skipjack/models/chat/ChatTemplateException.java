package dev.skipjack.models.chat;

/**
 * A chat template that cannot be used: it does not parse, it fails on this conversation, or it
 * refuses the conversation in its own words. The message is one sentence with the template's line.
 */
public final class ChatTemplateException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  ChatTemplateException(String name, Throwable cause) {
    super("chat template " + name + ": " + cause.getMessage(), cause);
  }
}
