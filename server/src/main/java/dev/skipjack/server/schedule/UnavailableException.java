package dev.skipjack.server.schedule;

/** No session can answer, now or ever again; the message is a sentence for the client. */
public final class UnavailableException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  UnavailableException(String message) {
    super(message);
  }
}
