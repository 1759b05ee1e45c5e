package dev.skipjack.server.http;

/** The kinds of failure a client is told apart, with the words of the OpenAI API. */
public enum ErrorKind {
  INVALID(400, "invalid_request_error"),
  UNAUTHORIZED(401, "authentication_error"),
  FORBIDDEN(403, "permission_error"),
  NOT_FOUND(404, "invalid_request_error"),
  METHOD(405, "invalid_request_error"),
  TOO_LARGE(413, "invalid_request_error"),
  INTERNAL(500, "server_error"),
  UNAVAILABLE(503, "server_error");

  private final int status;
  private final String type;

  ErrorKind(int status, String type) {
    this.status = status;
    this.type = type;
  }

  /** The status of the HTTP response. */
  public int status() {
    return status;
  }

  /** The value of {@code error.type}. */
  public String type() {
    return type;
  }
}
