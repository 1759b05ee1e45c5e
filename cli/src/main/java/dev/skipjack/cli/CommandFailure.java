package dev.skipjack.cli;

/** A command that could not do its work; the message is {@code WHAT: WHY}, one sentence. */
final class CommandFailure extends RuntimeException {
  private static final long serialVersionUID = 1L;

  CommandFailure(String what, String why) {
    super(what + ": " + why);
  }

  CommandFailure(String what, String why, Throwable cause) {
    super(what + ": " + why, cause);
  }
}
