package dev.skipjack.cli;

/** A command line whose values make no sense, found only after it was parsed. */
final class UsageFailure extends RuntimeException {
  private static final long serialVersionUID = 1L;

  UsageFailure(String message) {
    super(message);
  }

  UsageFailure(IllegalArgumentException cause) {
    super(cause.getMessage(), cause);
  }
}
